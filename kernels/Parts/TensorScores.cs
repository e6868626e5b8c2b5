namespace SmilesBert.Kernels;

/// <summary>16 rows and 32 columns of scores in a warp's registers: two blocks side by side.</summary>
internal readonly record struct TensorScores(TensorBlock Near, TensorBlock Far)
{
    /// <summary>How many columns.</summary>
    public const int Columns = 2 * TensorBlock.Size;

    /// <summary>The products of 16 rows, which the thread reads at <paramref name="left"/>, with 32; <paramref name="size"/> of the head.</summary>
    public static TensorScores Of<TFormat>(int left, SharedRows columns, int size) where TFormat : struct, ITensorFormat
    {
        RightRows near = columns.AsColumns(), far = near.Next;
        TensorScores scores = default;
        for (int bytes = 0; bytes < size * sizeof(float); bytes += TensorBlock.DepthBytes)
        {
            TensorLeft rows = TensorBlock.Left<TFormat>(left + bytes);
            scores = new(scores.Near.PlusScores<TFormat>(rows, near, bytes), scores.Far.PlusScores<TFormat>(rows, far, bytes));
        }
        return scores;
    }

    /// <summary>Each row's number, in all its columns.</summary>
    public static TensorScores OfRows(float top, float bottom)
    {
        TensorBlock block = new(new(top, top, top, top), new(bottom, bottom, bottom, bottom));
        return new(block, block);
    }

    /// <summary>Each column's number, in all its rows.</summary>
    public static TensorScores OfColumns(ArrayView<float> numbers) => new(BlockOfColumns(numbers, 0), BlockOfColumns(numbers, TensorBlock.Size));

    public TensorScores Times(float v) => new(Near.Times(v, v), Far.Times(v, v));

    public TensorScores Times(TensorScores v) => new(Near.Times(v.Near), Far.Times(v.Far));

    public TensorScores Minus(TensorScores v) => new(Near.Minus(v.Near), Far.Minus(v.Far));

    /// <summary>2 to the power of each.</summary>
    public TensorScores Exp2() => new(new(Exp2(Near.Top), Exp2(Near.Bottom)), new(Exp2(Far.Top), Exp2(Far.Bottom)));

    /// <summary>Minus infinity in the columns from <paramref name="columns"/> on, the others as they are.</summary>
    public TensorScores Before(int columns) => Minus(new(InfinityFrom(columns), InfinityFrom(columns - TensorBlock.Size)));

    /// <summary>As the left operand of outputs, in a format.</summary>
    public TensorWeights As<TFormat>() where TFormat : struct, ITensorFormat =>
        new(TFormat.Left(Near.Top, Near.Bottom), TFormat.Left(Far.Top, Far.Bottom));

    private static Float4 Exp2(Float4 v) => new(XMath.Exp2(v.X), XMath.Exp2(v.Y), XMath.Exp2(v.Z), XMath.Exp2(v.W));

    private static TensorBlock BlockOfColumns(ArrayView<float> numbers, int first)
    {
        int a = first + TensorBlock.Column(0), b = first + TensorBlock.Column(2);
        Float4 four = new(numbers[a], numbers[a + 1], numbers[b], numbers[b + 1]);
        return new(four, four);
    }

    private static TensorBlock InfinityFrom(int columns)
    {
        Float4 four = new(InfinityFrom(columns, 0), InfinityFrom(columns, 1), InfinityFrom(columns, 2), InfinityFrom(columns, 3));
        return new(four, four);
    }

    // Without a branch: the sign of the difference, spread over all bits, lets infinity's through or none.
    private static float InfinityFrom(int columns, int i) => Interop.IntAsFloat((uint)((columns - 1 - TensorBlock.Column(i)) >> 31) & 0x7F800000u);
}

/// <summary>Scores as the left operand of outputs.</summary>
internal readonly record struct TensorWeights(TensorLeft Near, TensorLeft Far)
{
    /// <summary><paramref name="sums"/> and the outputs of 32 rows added, their columns <paramref name="bytes"/> along them.</summary>
    public TensorBlock AddTo<TFormat>(TensorBlock sums, RightRows depth, int bytes) where TFormat : struct, ITensorFormat =>
        sums.PlusOutputs<TFormat>(Near, depth, bytes).PlusOutputs<TFormat>(Far, depth.Next, bytes);
}
