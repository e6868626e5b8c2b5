namespace SmilesBert.Kernels;

/// <summary>
/// bf16 where the right operand lies in memory so: weights that AdamW has rounded. Every number meets the same one in the same place of the same
/// product as when both are rounded on their way (<see cref="BFloat16"/>): the sums are the same bits. Of each half a layout loads w[j], the
/// finished operand of columns 8j to 8j + 7.
/// </summary>
internal readonly struct BFloat16Weights : ITensorFormat
{
    public static void FirstHalf()
    {
        CudaAsm.Emit(TensorText.PackFirstLeft);
        CudaAsm.Emit("mov.b32 b0, w0; mov.b32 b2, w1; mov.b32 b4, w2; mov.b32 b6, w3;");
    }

    public static void SecondHalf()
    {
        CudaAsm.Emit(TensorText.PackSecondLeft);
        CudaAsm.Emit("mov.b32 b1, w0; mov.b32 b3, w1; mov.b32 b5, w2; mov.b32 b7, w3;");
        CudaAsm.Emit(TensorText.MultiplyBFloat16);
    }
}

/// <summary>Weights in bf16 whose rows are lanes, the depth running along them.</summary>
internal readonly struct DeepWeights : IRightLayout
{
    // From one lane to the next: the eight beside a step keep 16 bytes' alignment and spread eight lanes over all banks.
    private const int Pitch = TensorTile.Depth + 8;

    // Of two words of two numbers each, the first number of both, or the second of both.
    private const int FirstOfBoth = 0x5410, SecondOfBoth = 0x7632;

    // Eight lanes are 384 bytes. Thread t needs k = t and t + 4, which are in the words t / 2 and t / 2 + 2 of a half.
    private const string Take = """
        ld.shared.b32 w0, [%0]; ld.shared.b32 w1, [%0+384]; ld.shared.b32 w2, [%0+768]; ld.shared.b32 w3, [%0+1152];
        ld.shared.b32 w4, [%0+8]; ld.shared.b32 w5, [%0+392]; ld.shared.b32 w6, [%0+776]; ld.shared.b32 w7, [%0+1160];
        prmt.b32 w0, w0, w4, %1; prmt.b32 w1, w1, w5, %1; prmt.b32 w2, w2, w6, %1; prmt.b32 w3, w3, w7, %1;
        """;

    public static int StageFloats(int size) => size * Pitch / 2;

    // Eight lanes side by side, then the other half of the step of the same: a warp fills whole sectors, and no bank twice.
    public static void Copy<TTile>(TensorTile.Operand x, int lane0, int k0, int stage) where TTile : struct, ITensorTile
    {
        for (int i = 0; i < TTile.Size * (TensorTile.Depth / 8) / TensorTile.Threads<TTile>(); i++)
        {
            int number = (i * TensorTile.Threads<TTile>()) + Group.IdxX, lane = (number / 16 * 8) + (number % 8), k = number / 8 % 2 * 8;
            TensorTile.CopyEight(x, lane0 + lane, k0 + k, stage + (((lane * Pitch) + k) * sizeof(ushort)));
        }
    }

    public static void TakeRight<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile
    {
        int lane = warpLane + (Group.IdxX % 32 / 4), t = Group.IdxX % 4;
        CudaAsm.Emit(Take, stage + (((lane * Pitch) + k + (t / 2 * 2)) * sizeof(ushort)), t % 2 == 0 ? FirstOfBoth : SecondOfBoth);
    }
}

/// <summary>Weights in bf16 whose lanes lie side by side, the depth being the rows of memory: ldmatrix turns them.</summary>
internal readonly struct FlatWeights : IRightLayout
{
    private const string Take = "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {w0,w1,w2,w3}, [%0];";

    public static int StageFloats(int size) => TensorTile.Depth * Pitch(size) / 2;

    public static void Copy<TTile>(TensorTile.Operand x, int lane0, int k0, int stage) where TTile : struct, ITensorTile
    {
        for (int i = 0; i < TTile.Size * (TensorTile.Depth / 8) / TensorTile.Threads<TTile>(); i++)
        {
            int number = (i * TensorTile.Threads<TTile>()) + Group.IdxX, k = number / (TTile.Size / 8), lane = number % (TTile.Size / 8) * 8;
            TensorTile.CopyEight(x, k0 + k, lane0 + lane, stage + (((k * Pitch(TTile.Size)) + lane) * sizeof(ushort)));
        }
    }

    // Four matrices of eight lanes each. A thread gets two rows, one after the other: k = t and t + 4 when they are taken in the order 0, 4, 1, 5...
    public static void TakeRight<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile
    {
        int matrix = Group.IdxX % 32 / 8, row = Group.IdxX % 8;
        CudaAsm.Emit(Take, stage + ((((k + (row / 2) + (row % 2 * 4)) * Pitch(TTile.Size)) + warpLane + (matrix * 8)) * sizeof(ushort)));
    }

    // From one of the depth to the next: with eight beside the lanes, eight of the depth are in different banks.
    private static int Pitch(int size) => size + 8;
}
