using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>
/// Molecules packed end to end, without padding, on a device. One object is filled again and again: <see cref="Pack"/> replaces what it held.
/// </summary>
public sealed class Batch
{
    private readonly IOps ops;
    private readonly int firstPosition;
    private readonly int[] ids, places, starts, firsts;
    private readonly Ints deviceStarts;
    private readonly RowIndexBuffer words, positions, first;

    /// <param name="ops">The device.</param>
    /// <param name="tokenCapacity">The most tokens that a batch may hold.</param>
    /// <param name="moleculeCapacity">The most molecules.</param>
    /// <param name="firstPosition">The row of the position table that a molecule's first token reads: <see cref="ModelConfig.FirstPosition"/>.</param>
    public Batch(IOps ops, int tokenCapacity, int moleculeCapacity, int firstPosition)
    {
        this.ops = ops;
        this.firstPosition = firstPosition;
        ids = new int[tokenCapacity];
        places = new int[tokenCapacity];
        starts = new int[moleculeCapacity + 1];
        firsts = new int[moleculeCapacity];
        deviceStarts = ops.AllocateInts(moleculeCapacity + 1);
        words = new RowIndexBuffer(ops, tokenCapacity);
        positions = new RowIndexBuffer(ops, tokenCapacity);
        first = new RowIndexBuffer(ops, moleculeCapacity);
    }

    /// <summary>N: tokens in the batch.</summary>
    public int Tokens { get; private set; }

    /// <summary>B: molecules in the batch.</summary>
    public int Molecules { get; private set; }

    /// <summary>(B+1) where each molecule begins, and N.</summary>
    public Ints Starts { get; private set; }

    /// <summary>The token id of each token: rows of the word table.</summary>
    public RowIndex Words { get; private set; }

    /// <summary>Each token's row of the position table.</summary>
    public RowIndex Positions { get; private set; }

    /// <summary>The first token of each molecule: rows of the hidden states.</summary>
    public RowIndex First { get; private set; }

    /// <summary>Where molecule b begins in the batch.</summary>
    public int StartOf(int molecule) => starts[molecule];

    /// <summary>Takes these molecules' token ids, [CLS] and [SEP] included, in the place of what was here.</summary>
    /// <exception cref="ArgumentException">They exceed the capacity, or there is none.</exception>
    public void Pack(ReadOnlySpan<int[]> molecules)
    {
        if (molecules.Length == 0 || molecules.Length >= starts.Length)
            throw new ArgumentException($"{molecules.Length} molecules in a batch for 1 to {starts.Length - 1}");
        int n = 0;
        for (int b = 0; b < molecules.Length; b++)
        {
            int[] molecule = molecules[b];
            if (n + molecule.Length > ids.Length) throw new ArgumentException($"more than {ids.Length} tokens in a batch");
            starts[b] = firsts[b] = n;
            for (int i = 0; i < molecule.Length; i++, n++)
            {
                ids[n] = molecule[i];
                places[n] = firstPosition + i;
            }
        }
        starts[molecules.Length] = n;
        Tokens = n;
        Molecules = molecules.Length;

        ops.Write(deviceStarts, starts.AsSpan(0, Molecules + 1));
        Starts = deviceStarts.Slice(0, Molecules + 1);
        Words = words.Fill(ids.AsSpan(0, n));
        Positions = positions.Fill(places.AsSpan(0, n));
        First = first.Fill(firsts.AsSpan(0, Molecules));
    }
}
