using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// Single-precision matrix products, C (M,N) = A (M,K) B (K,N), on a thread team.
/// <code>
///   for each stretch of columns and depth whose packed B fits the buffer
///       pack B                              panels of 16 columns, shared by all threads, read from L3
///       for each tile of C                  dealt out to the threads
///           for each block of depth
///               pack A                      panels of 6 rows, the thread's own, stay in L2
///               for each panel of B         stays in L1 while the panels of A pass by
///                   for each panel of A
///                       the kernel          6 x 16 sums in registers
///               the epilogue                after the last block of depth
/// </code>
/// An element is the sum over its blocks of depth, in order, of one chain of multiply-adds each. Blocks follow from the depth alone,
/// so neither the number of threads nor the way tiles are dealt out changes a bit of the result.
/// </summary>
internal sealed unsafe class Gemm
{
    // Steps in a block of depth: a panel of B takes 24 KB of the 32 KB of L1, and C passes through the cache once a block.
    private const int MaxDepth = 384;

    // Panels of A in a tile: with the depth 216 KB, half of L2. The more of them, the less often B comes from L3.
    private const int MaxRowPanels = 24;

    // Packed B: 12 MB, which lasts in L3 from packing to its last use. MaxColumnPanels leaves room for two blocks of depth at least.
    private const int PackedFloats = 3 << 20;
    private const int MaxColumnPanels = 192;

    // Panels of B packed in one go: neighbours lie in the same pages of the source and, where it is not aligned, in the same cache lines.
    private const int PanelsAtOnce = 4;

    private const int LineFloats = 16;

    private readonly ThreadTeam team;
    private readonly float[] buffer = GC.AllocateUninitializedArray<float>(PackedFloats + LineFloats, pinned: true);
    private readonly float[] zeros = GC.AllocateArray<float>(GemmKernel.Columns, pinned: true);

    public Gemm(ThreadTeam team) => this.team = team;

    /// <summary>C = A B, C = A B + bias (to every row), or C += A B; M, N and K at least 1.</summary>
    /// <param name="c">(M,N), row-major.</param>
    /// <param name="a">M lanes by depth K.</param>
    /// <param name="b">N lanes by depth K.</param>
    /// <param name="bias">(N), or null.</param>
    /// <param name="accumulate">+= in place of =; takes no bias.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">What the product sums over.</param>
    /// <param name="epilogue">What is done with each part of C when it is finished.</param>
    public void Multiply(
        float* c, in GemmOperand a, in GemmOperand b, float* bias, bool accumulate, int m, int n, int k, GemmEpilogue epilogue = default)
    {
        int blocks = DivideUp(k, MaxDepth), columnPanels = DivideUp(n, GemmKernel.Columns);
        Product p = new(
            c, a, b, bias, epilogue, accumulate, m, n, k, AlignUp(buffer), (float*)Unsafe.AsPointer(ref zeros[0]), GemmPacking.Padded(DivideUp(k, blocks)));
        for (p.FirstPanel = 0; p.FirstPanel < columnPanels; p.FirstPanel += MaxColumnPanels)
        {
            p.Panels = Math.Min(MaxColumnPanels, columnPanels - p.FirstPanel);
            int blocksAtOnce = PackedFloats / (p.BlockDepth * p.Panels * GemmKernel.Columns);
            for (p.FirstBlock = 0; p.FirstBlock < blocks; p.FirstBlock += blocksAtOnce)
            {
                p.Blocks = Math.Min(blocksAtOnce, blocks - p.FirstBlock);
                team.For(p.Blocks * DivideUp(p.Panels, PanelsAtOnce), 1, p, static (p, from, to) => PackB(p, from, to));

                // As many tiles for each thread; where C has too few rows for that, its columns are shared out.
                p.RowTiles = Math.Min(p.RowPanels, DivideUp(DivideUp(p.RowPanels, MaxRowPanels), team.Count) * team.Count);
                p.ColumnTiles = p.RowTiles >= team.Count ? 1 : Math.Min(p.Panels, team.Count);
                team.For(p.RowTiles * p.ColumnTiles, 1, p, static (p, from, to) => MultiplyTiles(p, from, to));
            }
        }
    }

    private static void PackB(in Product p, int from, int to)
    {
        int groups = DivideUp(p.Panels, PanelsAtOnce);
        for (int item = from; item < to; item++)
        {
            int block = item / groups, panel = item % groups * PanelsAtOnce;
            int lane = (p.FirstPanel + panel) * GemmKernel.Columns;
            int lanes = Math.Min(Math.Min(PanelsAtOnce, p.Panels - panel) * GemmKernel.Columns, p.N - lane);
            GemmPacking.Pack(p.PanelOfB(block, panel), GemmKernel.Columns, p.B, lane, lanes, p.BlockStart(block), p.DepthOf(block));
        }
    }

    private static void MultiplyTiles(in Product p, int from, int to)
    {
        for (int tile = from; tile < to; tile++)
        {
            int row = tile % p.RowTiles, column = tile / p.RowTiles;
            MultiplyTile(
                p,
                (int)((long)p.RowPanels * row / p.RowTiles), (int)((long)p.RowPanels * (row + 1) / p.RowTiles),
                p.Panels * column / p.ColumnTiles, p.Panels * (column + 1) / p.ColumnTiles);
        }
    }

    // One tile: rows and columns in panels.
    [SkipLocalsInit]
    private static void MultiplyTile(in Product p, int fromRow, int toRow, int fromColumn, int toColumn)
    {
        float* space = stackalloc float[MaxRowPanels * GemmKernel.Rows * MaxDepth + GemmPacking.Overrun + LineFloats];
        float* packedA = AlignUp(space);
        for (int block = 0; block < p.Blocks; block++)
        {
            int firstRow = fromRow * GemmKernel.Rows, depth = p.DepthOf(block), padded = GemmPacking.Padded(depth);
            GemmPacking.Pack(packedA, GemmKernel.Rows, p.A, firstRow, Math.Min(toRow * GemmKernel.Rows, p.M) - firstRow, p.BlockStart(block), depth);

            // While one panel of B is in use the next one is fetched, an equal part before each kernel call.
            int part = DivideUp(padded * GemmKernel.Columns / LineFloats, toRow - fromRow) * LineFloats;
            for (int j = fromColumn; j < toColumn; j++)
            {
                float* panelOfB = p.PanelOfB(block, j), next = panelOfB + padded * GemmKernel.Columns;
                float* panelOfA = packedA;
                for (int i = fromRow; i < toRow; i++, panelOfA += padded * GemmKernel.Rows, next += part)
                {
                    if (j + 1 < toColumn) Prefetch(next, part);
                    MultiplyPanels(p, block, i * GemmKernel.Rows, (p.FirstPanel + j) * GemmKernel.Columns, panelOfA, panelOfB, padded);
                }
            }
            if (!p.Epilogue.IsEmpty && p.IsLast(block)) Finish(p, fromRow, toRow, fromColumn, toColumn);
        }
    }

    // Adds one block's sums to 6 x 16 elements of C, or to as many as there are: at the edges of C the kernel works beside it.
    private static void MultiplyPanels(in Product p, int block, int row, int column, float* panelOfA, float* panelOfB, int depth)
    {
        float* c = p.C + (nint)row * p.N + column;
        bool adds = p.Accumulate || p.FirstBlock + block > 0;
        float* addend = adds ? c : p.Bias != null ? p.Bias + column : p.Zeros;
        nint addendStride = adds ? p.N : 0;
        int rows = p.M - row, columns = p.N - column;
        if (rows >= GemmKernel.Rows && columns >= GemmKernel.Columns)
        {
            GemmKernel.Multiply(c, addend, panelOfA, panelOfB, depth, p.N, addendStride);
            return;
        }

        float* sums = stackalloc float[GemmKernel.Rows * GemmKernel.Columns];
        GemmKernel.Multiply(sums, p.Zeros, panelOfA, panelOfB, depth, GemmKernel.Columns, 0);
        for (int i = 0; i < Math.Min(rows, GemmKernel.Rows); i++, c += p.N, addend += addendStride, sums += GemmKernel.Columns)
            for (int j = 0; j < Math.Min(columns, GemmKernel.Columns); j++) c[j] = addend[j] + sums[j];
    }

    // Whole stretches of rows: the companion is not in the cache, and memory is read ahead only where one line follows another.
    private static void Finish(in Product p, int fromRow, int toRow, int fromColumn, int toColumn)
    {
        int row = fromRow * GemmKernel.Rows, column = (p.FirstPanel + fromColumn) * GemmKernel.Columns;
        int rows = Math.Min(toRow * GemmKernel.Rows, p.M) - row, columns = Math.Min((p.FirstPanel + toColumn) * GemmKernel.Columns, p.N) - column;
        p.Epilogue.Apply(p.C, p.N, row, rows, column, columns);
    }

    private static void Prefetch(float* from, int floats)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < floats; i += LineFloats) Sse.Prefetch1(from + i);
    }

    private static int DivideUp(int dividend, int divisor) => (int)(((long)dividend + divisor - 1) / divisor);

    private static float* AlignUp(float* address) => (float*)(((nint)address + LineFloats * sizeof(float) - 1) & -(LineFloats * sizeof(float)));

    private static float* AlignUp(float[] pinned) => AlignUp((float*)Unsafe.AsPointer(ref pinned[0]));

    // One product, and which stretch of B is packed. Panels and blocks count from the stretch's first.
    private struct Product(
        float* c, GemmOperand a, GemmOperand b, float* bias, GemmEpilogue epilogue, bool accumulate, int m, int n, int k, float* packed, float* zeros, int blockDepth)
    {
        public readonly float* C = c, Bias = bias, Zeros = zeros;
        public readonly GemmOperand A = a, B = b;
        public readonly GemmEpilogue Epilogue = epilogue;
        public readonly bool Accumulate = accumulate;
        public readonly int M = m, N = n, RowPanels = DivideUp(m, GemmKernel.Rows), BlockDepth = blockDepth;
        public int FirstPanel, Panels, FirstBlock, Blocks;
        public int RowTiles, ColumnTiles;

        public readonly int BlockStart(int block) => (FirstBlock + block) * BlockDepth;

        public readonly bool IsLast(int block) => BlockStart(block + 1) >= k;

        public readonly int DepthOf(int block) => Math.Min(BlockDepth, k - BlockStart(block));

        public readonly float* PanelOfB(int block, int panel) =>
            packed + (nint)GemmKernel.Columns * (block * BlockDepth * Panels + panel * GemmPacking.Padded(DepthOf(block)));
    }
}
