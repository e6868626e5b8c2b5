namespace SmilesBert.Kernels;

/// <summary>
/// A number format of tensor cores: how floats become its operands, and the products, for <see cref="TensorTile"/> and for <see cref="TensorBlock"/>.
/// </summary>
internal interface ITensorFormat
{
    // A step of a tile, of depth 16, comes in two halves of eight. Thread t of four has of each half k = t (in x[4i], x[4i+1]: rows g, g+8; w[2j])
    // and k = t + 4 (the two after; w[2j+1]).

    static abstract void FirstHalf();

    static abstract void SecondHalf();

    // A product of a block is 16 deep too, and a thread has four of the depth: which ones is left to the caller, as long as they are the same of
    // both operands and others for each of four threads.

    /// <summary>Four of the depth of rows g and g + 8.</summary>
    static abstract TensorLeft Left(Float4 top, Float4 bottom);

    /// <summary>Four of the depth of column g.</summary>
    static abstract TensorRight Right(Float4 column);

    /// <summary>Sums of rows g (X, Y) and g + 8 (Z, W), columns 2t and 2t + 1, and the product added.</summary>
    static abstract Float4 MultiplyAdd(Float4 sum, TensorLeft left, TensorRight right);
}

/// <summary>tf32: a float of which 10 bits of fraction are kept, rounded to nearest. Eight of the depth are one product.</summary>
internal readonly struct TensorFloat32 : ITensorFormat
{
    public static void FirstHalf()
    {
        CudaAsm.Emit(TensorText.RoundToTensorFloat);
        CudaAsm.Emit(TensorText.MultiplyTensorFloat);
    }

    public static void SecondHalf()
    {
        CudaAsm.Emit(TensorText.RoundToTensorFloat);
        CudaAsm.Emit(TensorText.MultiplyTensorFloat);
    }

    public static TensorLeft Left(Float4 top, Float4 bottom) => new(
        new(Round(top.X), Round(bottom.X), Round(top.Y), Round(bottom.Y)), new(Round(top.Z), Round(bottom.Z), Round(top.W), Round(bottom.W)));

    public static TensorRight Right(Float4 column) => new(new(Round(column.X), Round(column.Y)), new(Round(column.Z), Round(column.W)));

    public static Float4 MultiplyAdd(Float4 sum, TensorLeft left, TensorRight right)
    {
        CudaAsm.Emit(TensorText.ProductOfTensorFloats, out Float4 half, left.First, right.First, sum);
        CudaAsm.Emit(TensorText.ProductOfTensorFloats, out Float4 whole, left.Second, right.Second, half);
        return whole;
    }

    private static int Round(float x)
    {
        CudaAsm.Emit("cvt.rna.tf32.f32 %0, %1;", out int rounded, x);
        return rounded;
    }
}

/// <summary>
/// bf16: a float of which 7 bits of fraction are kept, rounded to nearest. Sixteen of the depth are one product, two to a register. The tensor
/// cores take k = 2t and 2t + 1 together, here they get t and t + 4 of each half: other places, but the same ones of both operands.
/// </summary>
internal readonly struct BFloat16 : ITensorFormat
{
    public static void FirstHalf() => CudaAsm.Emit(TensorText.PackFirst);

    public static void SecondHalf()
    {
        CudaAsm.Emit(TensorText.PackSecond);
        CudaAsm.Emit(TensorText.MultiplyBFloat16);
    }

    public static TensorLeft Left(Float4 top, Float4 bottom) =>
        new(new(Pack(top.X, top.Y), Pack(bottom.X, bottom.Y), Pack(top.Z, top.W), Pack(bottom.Z, bottom.W)), default);

    public static TensorRight Right(Float4 column) => new(new(Pack(column.X, column.Y), Pack(column.Z, column.W)), default);

    public static Float4 MultiplyAdd(Float4 sum, TensorLeft left, TensorRight right)
    {
        CudaAsm.Emit(TensorText.ProductOfBFloats, out Float4 y, left.First, right.First, sum);
        return y;
    }

    private static int Pack(float low, float high)
    {
        CudaAsm.Emit("cvt.rn.bf16x2.f32 %0, %1, %2;", out int both, high, low);
        return both;
    }
}

/// <summary>The texts of tensor products; those of <see cref="TensorTile"/> for a warp's 4 x 4 products of 16 rows and 8 columns.</summary>
internal static class TensorText
{
    /// <summary>The registers, and sums of 0.</summary>
    public const string Start = """
        .reg .b32 x<16>, w<8>, a<16>, b<8>;
        .reg .f32 sum<64>;
        mov.b32 sum0, 0; mov.b32 sum1, 0; mov.b32 sum2, 0; mov.b32 sum3, 0; mov.b32 sum4, 0; mov.b32 sum5, 0; mov.b32 sum6, 0; mov.b32 sum7, 0;
        mov.b32 sum8, 0; mov.b32 sum9, 0; mov.b32 sum10, 0; mov.b32 sum11, 0; mov.b32 sum12, 0; mov.b32 sum13, 0; mov.b32 sum14, 0; mov.b32 sum15, 0;
        mov.b32 sum16, 0; mov.b32 sum17, 0; mov.b32 sum18, 0; mov.b32 sum19, 0; mov.b32 sum20, 0; mov.b32 sum21, 0; mov.b32 sum22, 0; mov.b32 sum23, 0;
        mov.b32 sum24, 0; mov.b32 sum25, 0; mov.b32 sum26, 0; mov.b32 sum27, 0; mov.b32 sum28, 0; mov.b32 sum29, 0; mov.b32 sum30, 0; mov.b32 sum31, 0;
        mov.b32 sum32, 0; mov.b32 sum33, 0; mov.b32 sum34, 0; mov.b32 sum35, 0; mov.b32 sum36, 0; mov.b32 sum37, 0; mov.b32 sum38, 0; mov.b32 sum39, 0;
        mov.b32 sum40, 0; mov.b32 sum41, 0; mov.b32 sum42, 0; mov.b32 sum43, 0; mov.b32 sum44, 0; mov.b32 sum45, 0; mov.b32 sum46, 0; mov.b32 sum47, 0;
        mov.b32 sum48, 0; mov.b32 sum49, 0; mov.b32 sum50, 0; mov.b32 sum51, 0; mov.b32 sum52, 0; mov.b32 sum53, 0; mov.b32 sum54, 0; mov.b32 sum55, 0;
        mov.b32 sum56, 0; mov.b32 sum57, 0; mov.b32 sum58, 0; mov.b32 sum59, 0; mov.b32 sum60, 0; mov.b32 sum61, 0; mov.b32 sum62, 0; mov.b32 sum63, 0;
        """;

    /// <summary>x from rows in shared memory; %0: the address of the thread's row of 16 bytes. 1,280 bytes are 16 lanes of a deep stage.</summary>
    public const string TakeDeepLeft = """
        ldmatrix.sync.aligned.m8n8.x4.shared.b16 {x0,x1,x2,x3}, [%0];
        ldmatrix.sync.aligned.m8n8.x4.shared.b16 {x4,x5,x6,x7}, [%0+1280];
        ldmatrix.sync.aligned.m8n8.x4.shared.b16 {x8,x9,x10,x11}, [%0+2560];
        ldmatrix.sync.aligned.m8n8.x4.shared.b16 {x12,x13,x14,x15}, [%0+3840];
        """;

    /// <summary>w likewise.</summary>
    public const string TakeDeepRight = """
        ldmatrix.sync.aligned.m8n8.x4.shared.b16 {w0,w1,w2,w3}, [%0];
        ldmatrix.sync.aligned.m8n8.x4.shared.b16 {w4,w5,w6,w7}, [%0+1280];
        """;

    /// <summary>x from lanes side by side; %0 and %1: the addresses of the thread's first lane, at k = t and at k = t + 4.</summary>
    public const string TakeFlatLeft = """
        ld.shared.b32 x0, [%0]; ld.shared.b32 x1, [%0+32]; ld.shared.b32 x2, [%1]; ld.shared.b32 x3, [%1+32];
        ld.shared.b32 x4, [%0+64]; ld.shared.b32 x5, [%0+96]; ld.shared.b32 x6, [%1+64]; ld.shared.b32 x7, [%1+96];
        ld.shared.b32 x8, [%0+128]; ld.shared.b32 x9, [%0+160]; ld.shared.b32 x10, [%1+128]; ld.shared.b32 x11, [%1+160];
        ld.shared.b32 x12, [%0+192]; ld.shared.b32 x13, [%0+224]; ld.shared.b32 x14, [%1+192]; ld.shared.b32 x15, [%1+224];
        """;

    /// <summary>w likewise.</summary>
    public const string TakeFlatRight = """
        ld.shared.b32 w0, [%0]; ld.shared.b32 w1, [%1];
        ld.shared.b32 w2, [%0+32]; ld.shared.b32 w3, [%1+32];
        ld.shared.b32 w4, [%0+64]; ld.shared.b32 w5, [%1+64];
        ld.shared.b32 w6, [%0+96]; ld.shared.b32 w7, [%1+96];
        """;

    public const string RoundToTensorFloat = """
        cvt.rna.tf32.f32 a0, x0; cvt.rna.tf32.f32 a1, x1; cvt.rna.tf32.f32 a2, x2; cvt.rna.tf32.f32 a3, x3;
        cvt.rna.tf32.f32 a4, x4; cvt.rna.tf32.f32 a5, x5; cvt.rna.tf32.f32 a6, x6; cvt.rna.tf32.f32 a7, x7;
        cvt.rna.tf32.f32 a8, x8; cvt.rna.tf32.f32 a9, x9; cvt.rna.tf32.f32 a10, x10; cvt.rna.tf32.f32 a11, x11;
        cvt.rna.tf32.f32 a12, x12; cvt.rna.tf32.f32 a13, x13; cvt.rna.tf32.f32 a14, x14; cvt.rna.tf32.f32 a15, x15;
        cvt.rna.tf32.f32 b0, w0; cvt.rna.tf32.f32 b1, w1; cvt.rna.tf32.f32 b2, w2; cvt.rna.tf32.f32 b3, w3;
        cvt.rna.tf32.f32 b4, w4; cvt.rna.tf32.f32 b5, w5; cvt.rna.tf32.f32 b6, w6; cvt.rna.tf32.f32 b7, w7;
        """;

    public const string PackFirst = """
        cvt.rn.bf16x2.f32 a0, x2, x0; cvt.rn.bf16x2.f32 a1, x3, x1;
        cvt.rn.bf16x2.f32 a4, x6, x4; cvt.rn.bf16x2.f32 a5, x7, x5;
        cvt.rn.bf16x2.f32 a8, x10, x8; cvt.rn.bf16x2.f32 a9, x11, x9;
        cvt.rn.bf16x2.f32 a12, x14, x12; cvt.rn.bf16x2.f32 a13, x15, x13;
        cvt.rn.bf16x2.f32 b0, w1, w0; cvt.rn.bf16x2.f32 b2, w3, w2;
        cvt.rn.bf16x2.f32 b4, w5, w4; cvt.rn.bf16x2.f32 b6, w7, w6;
        """;

    public const string PackSecond = """
        cvt.rn.bf16x2.f32 a2, x2, x0; cvt.rn.bf16x2.f32 a3, x3, x1;
        cvt.rn.bf16x2.f32 a6, x6, x4; cvt.rn.bf16x2.f32 a7, x7, x5;
        cvt.rn.bf16x2.f32 a10, x10, x8; cvt.rn.bf16x2.f32 a11, x11, x9;
        cvt.rn.bf16x2.f32 a14, x14, x12; cvt.rn.bf16x2.f32 a15, x15, x13;
        cvt.rn.bf16x2.f32 b1, w1, w0; cvt.rn.bf16x2.f32 b3, w3, w2;
        cvt.rn.bf16x2.f32 b5, w5, w4; cvt.rn.bf16x2.f32 b7, w7, w6;
        """;

    public const string MultiplyTensorFloat =
        Tf32 + P00 + Tf32 + P01 + Tf32 + P02 + Tf32 + P03 + Tf32 + P10 + Tf32 + P11 + Tf32 + P12 + Tf32 + P13 +
        Tf32 + P20 + Tf32 + P21 + Tf32 + P22 + Tf32 + P23 + Tf32 + P30 + Tf32 + P31 + Tf32 + P32 + Tf32 + P33;

    public const string MultiplyBFloat16 =
        Bf16 + P00 + Bf16 + P01 + Bf16 + P02 + Bf16 + P03 + Bf16 + P10 + Bf16 + P11 + Bf16 + P12 + Bf16 + P13 +
        Bf16 + P20 + Bf16 + P21 + Bf16 + P22 + Bf16 + P23 + Bf16 + P30 + Bf16 + P31 + Bf16 + P32 + Bf16 + P33;

    /// <summary>%0 = %1 * %2 + %3, one product.</summary>
    public const string ProductOfTensorFloats = Tf32 + OneProduct, ProductOfBFloats = Bf16 + OneProduct;

    private const string OneProduct = "%0, %1, %2, %3;";

    private const string Tf32 = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 ", Bf16 = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 ";

    // The operands of product (i, j): rows 16i, columns 8j.
    private const string
        P00 = "{sum0,sum1,sum2,sum3}, {a0,a1,a2,a3}, {b0,b1}, {sum0,sum1,sum2,sum3};\n",
        P01 = "{sum4,sum5,sum6,sum7}, {a0,a1,a2,a3}, {b2,b3}, {sum4,sum5,sum6,sum7};\n",
        P02 = "{sum8,sum9,sum10,sum11}, {a0,a1,a2,a3}, {b4,b5}, {sum8,sum9,sum10,sum11};\n",
        P03 = "{sum12,sum13,sum14,sum15}, {a0,a1,a2,a3}, {b6,b7}, {sum12,sum13,sum14,sum15};\n",
        P10 = "{sum16,sum17,sum18,sum19}, {a4,a5,a6,a7}, {b0,b1}, {sum16,sum17,sum18,sum19};\n",
        P11 = "{sum20,sum21,sum22,sum23}, {a4,a5,a6,a7}, {b2,b3}, {sum20,sum21,sum22,sum23};\n",
        P12 = "{sum24,sum25,sum26,sum27}, {a4,a5,a6,a7}, {b4,b5}, {sum24,sum25,sum26,sum27};\n",
        P13 = "{sum28,sum29,sum30,sum31}, {a4,a5,a6,a7}, {b6,b7}, {sum28,sum29,sum30,sum31};\n",
        P20 = "{sum32,sum33,sum34,sum35}, {a8,a9,a10,a11}, {b0,b1}, {sum32,sum33,sum34,sum35};\n",
        P21 = "{sum36,sum37,sum38,sum39}, {a8,a9,a10,a11}, {b2,b3}, {sum36,sum37,sum38,sum39};\n",
        P22 = "{sum40,sum41,sum42,sum43}, {a8,a9,a10,a11}, {b4,b5}, {sum40,sum41,sum42,sum43};\n",
        P23 = "{sum44,sum45,sum46,sum47}, {a8,a9,a10,a11}, {b6,b7}, {sum44,sum45,sum46,sum47};\n",
        P30 = "{sum48,sum49,sum50,sum51}, {a12,a13,a14,a15}, {b0,b1}, {sum48,sum49,sum50,sum51};\n",
        P31 = "{sum52,sum53,sum54,sum55}, {a12,a13,a14,a15}, {b2,b3}, {sum52,sum53,sum54,sum55};\n",
        P32 = "{sum56,sum57,sum58,sum59}, {a12,a13,a14,a15}, {b4,b5}, {sum56,sum57,sum58,sum59};\n",
        P33 = "{sum60,sum61,sum62,sum63}, {a12,a13,a14,a15}, {b6,b7}, {sum60,sum61,sum62,sum63};\n";

    /// <summary>The sums to shared memory; %0: the address of row g, column 2t of the warp's part. Rows are 544 bytes apart.</summary>
    public const string Drop = """
        st.shared.v2.f32 [%0], {sum0,sum1}; st.shared.v2.f32 [%0+32], {sum4,sum5};
        st.shared.v2.f32 [%0+64], {sum8,sum9}; st.shared.v2.f32 [%0+96], {sum12,sum13};
        st.shared.v2.f32 [%0+4352], {sum2,sum3}; st.shared.v2.f32 [%0+4384], {sum6,sum7};
        st.shared.v2.f32 [%0+4416], {sum10,sum11}; st.shared.v2.f32 [%0+4448], {sum14,sum15};
        st.shared.v2.f32 [%0+8704], {sum16,sum17}; st.shared.v2.f32 [%0+8736], {sum20,sum21};
        st.shared.v2.f32 [%0+8768], {sum24,sum25}; st.shared.v2.f32 [%0+8800], {sum28,sum29};
        st.shared.v2.f32 [%0+13056], {sum18,sum19}; st.shared.v2.f32 [%0+13088], {sum22,sum23};
        st.shared.v2.f32 [%0+13120], {sum26,sum27}; st.shared.v2.f32 [%0+13152], {sum30,sum31};
        st.shared.v2.f32 [%0+17408], {sum32,sum33}; st.shared.v2.f32 [%0+17440], {sum36,sum37};
        st.shared.v2.f32 [%0+17472], {sum40,sum41}; st.shared.v2.f32 [%0+17504], {sum44,sum45};
        st.shared.v2.f32 [%0+21760], {sum34,sum35}; st.shared.v2.f32 [%0+21792], {sum38,sum39};
        st.shared.v2.f32 [%0+21824], {sum42,sum43}; st.shared.v2.f32 [%0+21856], {sum46,sum47};
        st.shared.v2.f32 [%0+26112], {sum48,sum49}; st.shared.v2.f32 [%0+26144], {sum52,sum53};
        st.shared.v2.f32 [%0+26176], {sum56,sum57}; st.shared.v2.f32 [%0+26208], {sum60,sum61};
        st.shared.v2.f32 [%0+30464], {sum50,sum51}; st.shared.v2.f32 [%0+30496], {sum54,sum55};
        st.shared.v2.f32 [%0+30528], {sum58,sum59}; st.shared.v2.f32 [%0+30560], {sum62,sum63};
        """;
}
