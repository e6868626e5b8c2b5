using SmilesBert.Data;
using SmilesBert.Tokenization;

namespace SmilesBert.Benchmarks;

/// <summary>Token counts of a data file's molecules, a line each, in an order drawn from a fixed seed: how benchmarks/lengths.txt was made.</summary>
internal static class MoleculeTokens
{
    /// <summary>Arguments: TOKENIZER_FOLDER DATA_FILE. The counts go to standard output; the tokens at both ends are counted.</summary>
    public static void Run(string[] arguments)
    {
        Tokenizer tokenizer = Tokenizer.Load(arguments[0]);
        using MoleculeReader reader = MoleculeReader.Open(arguments[1], new ReadOptions());
        int[] counts = [.. reader.Rows().Select(row => tokenizer.Encode(row.Smiles).Ids.Length)];
        foreach (int row in Shuffle.Order(counts.Length, seed: 42, epoch: 0)) Console.WriteLine(counts[row]);
    }
}
