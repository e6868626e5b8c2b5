using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmilesBert.Cli;

/// <summary>The answer to --json: one document on standard output, written for people too.</summary>
internal static class ResultJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints a result.</summary>
    public static void Print(JsonNode result) => Console.WriteLine(result.ToJsonString(Readable));
}
