namespace SmilesBert.Tests.Cli;

/// <summary>Model folders small enough that a command takes a second: the reference networks' random weights, with a vocabulary of atoms.</summary>
internal static class TinyModel
{
    /// <summary>The longest molecule in tokens that its position table holds.</summary>
    public const int MaxTokens = 48;

    public const int HiddenSize = 32;

    /// <summary>The entries of vocab.txt, as many as the networks have rows.</summary>
    public static readonly IReadOnlyList<string> Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "C", "c", "N", "n", "O", "o", "S", "s", "P", "F", "Cl", "Br", "I", "B",
        "(", ")", "=", "#", "-", "+", ".", "/", "\\", "1", "2", "3", "4", "5", "6", "7", "8", "9", "[nH]", "[O-]", "[N+]", "[C@@H]",
    ];

    /// <summary>Writes a folder with config.json, model.safetensors and vocab.txt.</summary>
    /// <param name="folder">Made here.</param>
    /// <param name="network">A folder of tests/Golden/Model.</param>
    public static string Write(string folder, string network = "bert-single-label")
    {
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["config.json", "model.safetensors"])
            File.WriteAllBytes(Path.Combine(folder, name), File.ReadAllBytes(Files.Golden("Model", network, name)));
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Vocabulary);
        return folder;
    }
}
