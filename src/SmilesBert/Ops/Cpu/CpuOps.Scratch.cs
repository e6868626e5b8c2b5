using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    private Floats scratch;

    /// <summary>
    /// At least <paramref name="length"/> floats of anything, kept from call to call: only a call that needs more than all before allocates.
    /// </summary>
    private Floats Scratch(long length)
    {
        if (scratch.Length < length) scratch = AllocateFloats(checked((int)length));
        return scratch;
    }

    /// <summary>Where <paramref name="x"/> begins, after checking that it holds <paramref name="length"/> floats.</summary>
    private static float* Pointer(Floats x, long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, x.Length);
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Open(x)));
    }

    /// <summary>Where row <paramref name="row"/> of a matrix of <paramref name="c"/> columns begins, after checking that it has that row.</summary>
    private static float* Row(Floats matrix, int row, int c) => Pointer(matrix.Slice((long)row * c, c), c);
}
