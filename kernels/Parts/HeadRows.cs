namespace SmilesBert.Kernels;

/// <summary>One head's columns of a molecule's rows in memory: a matrix (Rows,Size), <paramref name="Step"/> floats from row to row.</summary>
/// <param name="X">What the matrix is part of.</param>
/// <param name="At">Its first float there.</param>
/// <param name="Rows">Tokens of the molecule.</param>
/// <param name="Size">The head's size.</param>
/// <param name="Step">Floats from one row to the next.</param>
/// <param name="Wide">Whether 128 bits of the rows can be read at once.</param>
internal readonly record struct HeadRows(FloatView X, int At, int Rows, int Size, int Step, int Wide)
{
    /// <summary>
    /// Starts copying rows from <paramref name="first"/> on to shared memory, zeros for those past the molecule and for columns that pad the head;
    /// for the whole group. Eight rows side by side, then the next four floats of the same: a warp fills whole sectors, and no bank twice.
    /// </summary>
    public void Copy(int first, int lines, SharedRows to)
    {
        int four = Group.IdxX / 8 % 4 * 4;
        for (int line = (Group.IdxX / 32 * 8) + (Group.IdxX % 8); line < lines; line += Group.DimX / 4)
        {
            int row = first + line, address = to.Address + (line * to.Pitch);
            TensorTile.Operand source = new(Row(Math.Min(row, Rows - 1)), row < Rows ? 1 : 0, Size, Wide);
            for (int column = four; column < SharedRows.Padded(Size); column += TensorBlock.Size)
                TensorTile.CopyFour(source, 0, column, address + (column * sizeof(float)));
        }
    }

    /// <summary>Four floats of a row; 0 outside.</summary>
    public Float4 Load(int row, int column) => row < Rows ? Tile.Load(Row(row), 0, column, 1, Size, Wide) : default;

    /// <summary>Writes four floats of a row, but nothing outside.</summary>
    public void Store(int row, int column, Float4 v)
    {
        if (row < Rows) Tile.Store(Row(row), 0, column, 1, Size, Wide, v);
    }

    private FloatView Row(int row) => X.SubView(At + (row * Step), Size);
}
