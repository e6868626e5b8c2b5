namespace SmilesBert.Kernels;

/// <summary>
/// Philox 4x32-10, a counter-based generator: ten rounds of a 128-bit counter under a 64-bit key give four random words.
/// Whoever knows the counter knows the words, so nothing is carried from draw to draw and every device draws the same.
/// (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011.)
/// </summary>
public static class Philox
{
    public const uint MultiplierA = 0xD2511F53u, MultiplierB = 0xCD9E8D57u;     // of the counter's words 0 and 2
    public const uint WeylA = 0x9E3779B9u, WeylB = 0xBB67AE85u;                 // added to the key's words each round
    public const int Rounds = 10;

    /// <summary>The four words that one counter gives.</summary>
    public readonly record struct Words(uint A, uint B, uint C, uint D);

    /// <summary>The words of counter (c0, c1, c2, c3) under key (key0, key1).</summary>
    public static Words Generate(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong p = (ulong)MultiplierA * c0, q = (ulong)MultiplierB * c2;
            uint n0 = (uint)(q >> 32) ^ c1 ^ key0, n2 = (uint)(p >> 32) ^ c3 ^ key1;
            c1 = (uint)q;
            c3 = (uint)p;
            c0 = n0;
            c2 = n2;
            key0 += WeylA;
            key1 += WeylB;
        }
        return new Words(c0, c1, c2, c3);
    }

    /// <summary>A word as a uniform number in [0,1): its top 24 bits.</summary>
    public static float ToUnit(uint word) => (word >> 8) * (1f / 16777216f);
}
