namespace SmilesBert.Kernels;

/// <summary>
/// Rows of floats in a group's dynamic shared memory, and where in them a thread of <see cref="TensorBlock"/> finds its parts of the operands.
/// A row is padded to the depth of a product, with zeros, and then by four: so no two threads that load together meet in a bank, neither along
/// eight rows nor down them.
/// </summary>
/// <param name="Address">Of the first row.</param>
/// <param name="Pitch">Bytes from one row to the next.</param>
internal readonly record struct SharedRows(int Address, int Pitch)
{
    /// <summary>A head's size, padded to whole products.</summary>
    public static int Padded(int size) => (size + TensorBlock.Size - 1) / TensorBlock.Size * TensorBlock.Size;

    /// <summary>Bytes of a row.</summary>
    public static int RowBytes(int size) => (Padded(size) + 4) * sizeof(float);

    /// <summary>The rows of heads of a size, from the <paramref name="row"/>-th in shared memory on.</summary>
    public static SharedRows At(int row, int size)
    {
        int start = (int)(long)SharedMemory.GetDynamic<Float4>().LoadEffectiveAddressAsPtr();
        return new(start + (row * RowBytes(size)), RowBytes(size));
    }

    /// <summary>Where the thread reads a left operand: 16 rows from <paramref name="row"/> on.</summary>
    public int Left(int row) => Address + ((row + (Group.IdxX % 16)) * Pitch) + (Group.IdxX % 32 / 16 * 16);

    /// <summary>
    /// Where the thread reads right operands with rows as columns, of scores. Threads t = 0, 1 get as columns 2t and 2t + 1 rows 4t, 4t + 1 of the
    /// first operand and rows 4t + 2, 4t + 3 of the second, threads 2 and 3 the other way round: of each, eight rows in different banks.
    /// </summary>
    public RightRows AsColumns()
    {
        int lane = Group.IdxX % 8, swap = lane / 4 * 2, row = (lane / 2 * 4) + (lane % 2), at = Address + (Group.IdxX % 32 / 8 * 16);
        return new(at + ((row + swap) * Pitch), at + ((row + 2 - swap) * Pitch), Pitch);
    }

    /// <summary>Where the thread reads right operands with rows as the depth: the four rows that it has as columns of scores, two by two.</summary>
    public RightRows AsDepth()
    {
        int t = Group.IdxX % 4, swap = t / 2 * 2, at = Address + (t * 4 * Pitch) + (Group.IdxX % 32 / 4 * 8);
        return new(at + (swap * Pitch), at + ((2 - swap) * Pitch), Pitch);
    }
}

/// <summary>The thread's addresses in 16 rows of right operands.</summary>
/// <param name="First">Of the first operand, or of the first two rows.</param>
/// <param name="Second">Of the second operand, or of the other two rows.</param>
/// <param name="Pitch">Bytes from one row to the next.</param>
internal readonly record struct RightRows(int First, int Second, int Pitch)
{
    /// <summary>The same of the next 16 rows.</summary>
    public RightRows Next => new(First + (TensorBlock.Size * Pitch), Second + (TensorBlock.Size * Pitch), Pitch);
}
