namespace SmilesBert.Benchmarking;

/// <summary>
/// Token counts of made-up molecules, spread as those of a food database are: median 67, 95 % at 145 (log-normal between), the longest 739.
/// Four batches of 16; the longest is cut to what a network of 512 positions takes.
/// </summary>
internal static class MoleculeLengths
{
    /// <summary>Molecules of a batch.</summary>
    public const int BatchSize = 16;

    private const int Longest = 512;
    private const int FirstToken = 4;       // the special tokens come before it

    private static readonly int[] Lengths =
    [
        80, 142, 77, 41, 117, 59, 68, 100, 66, 89, 37, 29, 113, 52, 45, 55,
        35, 32, 134, 71, 73, 85, 106, 54, 153, 53, 64, 93, 82, 47, 58, 44,
        56, 76, 98, 69, 61, 65, 40, 122, 170, 49, 48, 87, 26, 103, 38, 83,
        95, 70, 63, 46, 109, 62, 42, 74, 22, 57, 79, 127, 51, 34, 739, 91,
    ];

    /// <summary>The four batches, of random tokens.</summary>
    public static int[][][] Batches(int vocabulary) => Batches(Lengths, Lengths.Length / BatchSize, vocabulary);

    /// <summary>Batches of random tokens.</summary>
    /// <param name="lengths">Token counts, in order, from the first again after the last; cut to 512.</param>
    /// <param name="count">How many batches.</param>
    /// <param name="vocabulary">Tokens there are.</param>
    /// <param name="batchSize">Molecules of a batch.</param>
    public static int[][][] Batches(IReadOnlyList<int> lengths, int count, int vocabulary, int batchSize = BatchSize)
    {
        Random random = new(0);
        int next = 0;
        int[][][] batches = new int[count][][];
        for (int i = 0; i < count; i++)
        {
            batches[i] = new int[batchSize][];
            for (int b = 0; b < batchSize; b++, next++) batches[i][b] = Molecule(Math.Min(Longest, lengths[next % lengths.Count]));
        }
        return batches;

        int[] Molecule(int length)
        {
            int[] tokens = new int[length];
            for (int n = 0; n < length; n++) tokens[n] = random.Next(FirstToken, vocabulary);
            return tokens;
        }
    }
}
