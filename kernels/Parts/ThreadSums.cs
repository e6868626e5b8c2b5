namespace SmilesBert.Kernels;

/// <summary>
/// Blocks of sums that a thread keeps in dynamic shared memory for itself, one for each 16 columns of the head: registers of one number would do for
/// one head size only.
/// </summary>
/// <param name="First">Of the thread's 128 bits of the first block; the next half of the block is a warp's width further.</param>
internal readonly record struct ThreadSums(int First)
{
    /// <summary>The thread's sums behind <paramref name="rows"/> rows, the <paramref name="number"/>-th of its kind.</summary>
    public static ThreadSums Behind(int rows, int number, int size)
    {
        int before = (rows * SharedRows.RowBytes(size) / 16) + (number * Group.DimX * SharedRows.Padded(size) / 8);
        return new(before + (Group.IdxX / 32 * 4 * SharedRows.Padded(size)) + (Group.IdxX % 32));
    }

    /// <summary>Bytes that the sums of all threads of a group take.</summary>
    public static int Bytes(int threads, int size) => threads * SharedRows.Padded(size) / 2 * sizeof(float);

    public TensorBlock Load(int column)
    {
        ArrayView<Float4> shared = SharedMemory.GetDynamic<Float4>();
        return new(shared[First + (column * 4)], shared[First + (column * 4) + 32]);
    }

    public void Store(int column, TensorBlock sums)
    {
        ArrayView<Float4> shared = SharedMemory.GetDynamic<Float4>();
        shared[First + (column * 4)] = sums.Top;
        shared[First + (column * 4) + 32] = sums.Bottom;
    }
}
