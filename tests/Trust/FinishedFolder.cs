using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmilesBert.Tests.Model;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Trust;

/// <summary>What two equal runs must leave, file by file, hidden and forgotten ones too.</summary>
internal static partial class FinishedFolder
{
    /// <summary>
    /// Every file below a folder by its name, as text that is equal where the files are: all of it but rates and times, the folder's own name, and the device's
    /// where <paramref name="device"/> is false.
    /// </summary>
    public static Dictionary<string, string> Of(string folder, bool device = true) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), path => Path.GetFileName(path) switch
        {
            "training.safetensors" => State(path),
            "metrics.json" or "report.html" => Text(File.ReadAllText(path).Replace(folder, "", StringComparison.Ordinal), device),
            _ => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
        });

    private static string Text(string text, bool device)
    {
        text = RateInJson().Replace(text, "");
        text = RateInReport().Replace(text, "");
        return device ? text : CpuDevice().Replace(text, "cpu");
    }

    private static string State(string path)
    {
        JsonObject progress;
        using (SafetensorsFile file = SafetensorsFile.Open(path)) progress = JsonNode.Parse(file.Metadata["progress"])!.AsObject();
        progress.Remove("Seconds");
        IEnumerable<string> tensors = CheckpointEdit.Read(path).OrderBy(static tensor => tensor.Key, StringComparer.Ordinal).Select(
            static tensor => $"{tensor.Key} {string.Join(',', tensor.Value.Shape)} {string.Join(' ', tensor.Value.Values)}");
        return progress.ToJsonString() + "\n" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', tensors))));
    }

    [GeneratedRegex("\"\\w+_per_second\": [^\\n]*")]
    private static partial Regex RateInJson();

    [GeneratedRegex(@"[\d.,]+ molecules/s, .*? reaches here\.")]
    private static partial Regex RateInReport();

    [GeneratedRegex("cpu, \\d+ threads?")]
    private static partial Regex CpuDevice();
}
