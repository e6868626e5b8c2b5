namespace SmilesBert.Tests.Hostile;

/// <summary>Changes a good file, or one that is changed already, into one that nobody wrote.</summary>
internal delegate byte[] Mutation(byte[] good, Random random);

/// <summary>One kind of file that strangers may give, with good examples of it and ways to spoil them.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="FileName">The name that a case is written under; its ending tells some readers how to read.</param>
/// <param name="Seeds">Good files.</param>
/// <param name="Mutations">Each case is a seed after one to four of these, drawn with equal chances.</param>
/// <param name="Read">Reads the file at a path in full and asserts that what came of it is consistent.</param>
internal sealed record HostileFormat(string Name, string FileName, byte[][] Seeds, Mutation[] Mutations, Action<string> Read)
{
    /// <summary>Its part of a longer mode's time, where others have 1.</summary>
    public int Share { get; init; } = 1;

    /// <summary>Bytes that reading may allocate whatever the file's size: buffers, and what the reader does with molecules of ours.</summary>
    public long FreeMemory { get; init; } = 8 << 20;

    /// <summary>Bytes that reading may allocate for each byte of the file.</summary>
    public long MemoryPerByte { get; init; } = 1000;

    /// <summary>The size that counts: a packed file's is what it expands to.</summary>
    public Func<byte[], long> Size { get; init; } = static bytes => bytes.Length;

    /// <summary>What a refusal must name; the file where nothing else is said.</summary>
    public string? Named { get; init; }

    /// <summary>Whether spoiled files are refused often enough that a reader that takes anything would be noticed.</summary>
    public bool MostlyRefused { get; init; } = true;

    public override string ToString() => Name;
}
