using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>
/// An operand of random numbers: memory on a device, and what was written there, so that results can be worked out anew in double precision.
/// </summary>
/// <param name="Memory">The memory.</param>
/// <param name="Place">Where in the noise it begins.</param>
/// <param name="Scale">What the noise, from -1 to 1, is multiplied with.</param>
/// <param name="Shift">What is added to it.</param>
internal readonly record struct Operand(Floats Memory, int Place, float Scale, float Shift)
{
    /// <summary>The number that was written at a place.</summary>
    public double this[int i] => (Operands.Noise[(Place + i) % Operands.Noise.Length] * Scale) + Shift;

    public static implicit operator Floats(Operand operand) => operand.Memory;
}

/// <summary>Operands of operations, in an order; the same order gives the same numbers on every device.</summary>
/// <param name="ops">The device.</param>
internal sealed class Operands(IOps ops)
{
    private const int NoiseLength = 1_000_003;      // a prime: a matrix of it has no two rows alike
    private const int Block = 1 << 16;

    private int place;

    /// <summary>Numbers from -1 to 1.</summary>
    public static float[] Noise { get; } = MakeNoise();

    /// <summary>Random numbers from shift - scale to shift + scale.</summary>
    public Operand Random(int length, float scale = 1f, float shift = 0f)
    {
        Operand operand = new(ops.AllocateFloats(length), place, scale, shift);
        place = (place + 7919) % NoiseLength;
        float[] block = new float[Math.Min(Block, length)];
        for (int from = 0; from < length; from += Block)
        {
            int count = Math.Min(Block, length - from);
            for (int i = 0; i < count; i++) block[i] = (float)operand[from + i];
            ops.Write(operand.Memory.Slice(from, count), block.AsSpan(0, count));
        }
        return operand;
    }

    /// <summary>What an operation overwrites: NaN before, so that what it leaves out is seen.</summary>
    public Floats Output(int length)
    {
        Floats memory = ops.AllocateFloats(length);
        ops.Fill(memory, float.NaN);
        return memory;
    }

    public Ints Integers(ReadOnlySpan<int> values)
    {
        Ints memory = ops.AllocateInts(values.Length);
        ops.Write(memory, values);
        return memory;
    }

    /// <summary>The index in which place n reads row rows[n].</summary>
    public RowIndex Index(ReadOnlySpan<int> rows) => new RowIndexBuffer(ops, rows.Length).Fill(rows);

    private static float[] MakeNoise()
    {
        Random random = new(0);
        float[] noise = new float[NoiseLength];
        foreach (ref float value in noise.AsSpan()) value = (2f * random.NextSingle()) - 1f;
        return noise;
    }
}
