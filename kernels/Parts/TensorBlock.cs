namespace SmilesBert.Kernels;

/// <summary>
/// 16 rows and 16 columns of sums in a warp's registers. With g = lane / 4 and t = lane % 4, a thread has four columns of rows g and g + 8: 4t to
/// 4t + 3, of outputs in this order, of scores in that of <see cref="Column"/>.
/// <para>Scores multiply rows with rows (Q K'), outputs multiply scores with rows as they lie (P V). A thread's four columns of scores are those for
/// which dropout draws four random words at once; and as they stand in registers they are the left operand of outputs.</para>
/// </summary>
/// <param name="Top">Of row g.</param>
/// <param name="Bottom">Of row g + 8.</param>
internal readonly record struct TensorBlock(Float4 Top, Float4 Bottom)
{
    /// <summary>Rows, columns, and the depth of a product.</summary>
    public const int Size = 16;

    /// <summary>Bytes along a row from one product's depth to the next's.</summary>
    public const int DepthBytes = Size * sizeof(float);

    /// <summary>The thread's row in <see cref="Top"/>.</summary>
    public static int Row => Group.IdxX % 32 / 4;

    /// <summary>The first of the thread's columns.</summary>
    public static int Quad => Group.IdxX % 4 * 4;

    /// <summary>The column of scores that the thread has at place <paramref name="i"/> of four.</summary>
    public static int Column(int i) => Quad + (i ^ Swap);

    /// <summary>Four bits, of columns in order, in the order of scores.</summary>
    public static uint InPlace(uint bits) => (bits | (bits << 4)) >> Swap;

    // Threads 2 and 3 have columns 4t + 2 and 4t + 3 before the other two: SharedRows.AsColumns says why.
    private static int Swap => Group.IdxX % 4 / 2 * 2;

    /// <summary>A left operand from shared memory, 16 deep; <paramref name="at"/> is <see cref="SharedRows.Left"/> and the bytes along the row.</summary>
    public static TensorLeft Left<TFormat>(int at) where TFormat : struct, ITensorFormat
    {
        CudaAsm.Emit("ldmatrix.sync.aligned.m8n8.x4.shared.b16 %0, [%1];", out Float4 x, at);
        CudaAsm.Emit("ldmatrix.sync.aligned.m8n8.x4.shared.b16 %0, [%1+32];", out Float4 y, at);
        return TFormat.Left(new(x.X, x.Z, y.X, y.Z), new(x.Y, x.W, y.Y, y.W));
    }

    /// <summary>Scores: adds the product with 16 rows, 16 deep, <paramref name="bytes"/> along them.</summary>
    public TensorBlock PlusScores<TFormat>(TensorLeft left, RightRows columns, int bytes) where TFormat : struct, ITensorFormat
    {
        CudaAsm.Emit("ldmatrix.sync.aligned.m8n8.x4.shared.b16 %0, [%1];", out Float4 first, columns.First + bytes);
        CudaAsm.Emit("ldmatrix.sync.aligned.m8n8.x4.shared.b16 %0, [%1];", out Float4 second, columns.Second + bytes);
        Float4 x = TFormat.MultiplyAdd(new(Top.X, Top.Y, Bottom.X, Bottom.Y), left, TFormat.Right(first));
        Float4 y = TFormat.MultiplyAdd(new(Top.Z, Top.W, Bottom.Z, Bottom.W), left, TFormat.Right(second));
        return new(new(x.X, x.Y, y.X, y.Y), new(x.Z, x.W, y.Z, y.W));
    }

    /// <summary>Outputs: adds the product of scores with 16 rows, their columns <paramref name="bytes"/> along them.</summary>
    public TensorBlock PlusOutputs<TFormat>(TensorLeft scores, RightRows depth, int bytes) where TFormat : struct, ITensorFormat
    {
        CudaAsm.Emit("ld.shared.v2.f32 %0, [%1];", out Float2 a, depth.First + bytes);
        CudaAsm.Emit("ld.shared.v2.f32 %0, [%1];", out Float2 b, depth.First + depth.Pitch + bytes);
        CudaAsm.Emit("ld.shared.v2.f32 %0, [%1];", out Float2 c, depth.Second + bytes);
        CudaAsm.Emit("ld.shared.v2.f32 %0, [%1];", out Float2 d, depth.Second + depth.Pitch + bytes);
        Float4 x = TFormat.MultiplyAdd(new(Top.X, Top.Z, Bottom.X, Bottom.Z), scores, TFormat.Right(new(a.X, b.X, c.X, d.X)));
        Float4 y = TFormat.MultiplyAdd(new(Top.Y, Top.W, Bottom.Y, Bottom.W), scores, TFormat.Right(new(a.Y, b.Y, c.Y, d.Y)));
        return new(new(x.X, y.X, x.Y, y.Y), new(x.Z, y.Z, x.W, y.W));
    }

    public TensorBlock Minus(TensorBlock v) => new(Top.Minus(v.Top), Bottom.Minus(v.Bottom));

    public TensorBlock Times(TensorBlock v) => new(Top.Times(v.Top), Bottom.Times(v.Bottom));

    /// <summary>Each row times a number of its own.</summary>
    public TensorBlock Times(float top, float bottom) => new(Top.Times(top), Bottom.Times(bottom));

    /// <summary>Writes outputs to memory, the thread's row g being <paramref name="row"/>.</summary>
    public void Store(HeadRows y, int row, int column)
    {
        y.Store(row, column + Quad, Top);
        y.Store(row + 8, column + Quad, Bottom);
    }
}
