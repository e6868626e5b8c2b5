using System.Runtime.CompilerServices;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// Single-precision matrix products, C = addend + A B, on a thread team.
/// <code>
///   for each stretch of columns and depth whose packed B fits the buffer
///       pack B                                    panels of 16 columns, shared by all threads, lies in L3
///       for each tile of C (rows x columns)       dealt out to the threads
///           for each block of depth
///               pack A                            panels of 6 rows, the thread's own, lies in L2
///               for each panel of B               lies in L1
///                   for each panel of A
///                       the micro-kernel          6 x 16 sums in registers
/// </code>
/// Every element is the sum over its blocks of depth, in order, of one chain of multiply-adds each. Blocks depend on the depth alone,
/// so neither the number of threads nor the way tiles are dealt out changes a bit of the result.
/// </summary>
internal sealed unsafe class Gemm
{
    // A block of depth: a panel of B (16 x 256 floats, 16 KB) and one of A (6 KB) share the 32 KB of L1.
    private const int MaxDepth = 256;

    // Panels of A in a tile: 12 x 6 x 256 floats, 72 KB, well inside L2. Few enough that tiles spread evenly over the threads.
    private const int MaxRowPanels = 12;

    // Packed B: 12 MB, so that it stays in L3 from packing to its last use.
    private const int PackedFloats = 3 << 20;
    private const int MaxColumnPanels = 192;

    private readonly ThreadTeam team;
    private readonly float[] packed = GC.AllocateUninitializedArray<float>(PackedFloats + 16, pinned: true);
    private readonly float[] zeros = GC.AllocateArray<float>(GemmKernel.Columns, pinned: true);

    public Gemm(ThreadTeam team) => this.team = team;

    /// <summary>
    /// C = A B, C = A B + bias (to every row), or C += A B.
    /// </summary>
    /// <param name="c">(M,N)</param>
    /// <param name="a">Lanes M by depth K.</param>
    /// <param name="b">Lanes N by depth K.</param>
    /// <param name="bias">(N), or null.</param>
    /// <param name="accumulate">C += in place of =; takes no bias.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">What the product sums over.</param>
    public void Multiply(float* c, in GemmOperand a, in GemmOperand b, float* bias, bool accumulate, int m, int n, int k)
    {
        int blocks = Math.Max(1, Divide(k, MaxDepth));
        int blockDepth = GemmPacking.Padded(Divide(k, blocks));
        fixed (float* start = packed, zero = zeros)
        {
            Product p = new()
            {
                C = c,
                A = a,
                B = b,
                Bias = bias,
                Zeros = zero,
                Accumulate = accumulate,
                M = m,
                N = n,
                K = k,
                BlockDepth = blockDepth,
                Packed = (float*)(((nint)start + 63) & ~63),
                RowPanels = Divide(m, GemmKernel.Rows),
            };
            int columnPanels = Divide(n, GemmKernel.Columns);
            for (p.FirstPanel = 0; p.FirstPanel < columnPanels; p.FirstPanel += MaxColumnPanels)
            {
                p.Panels = Math.Min(MaxColumnPanels, columnPanels - p.FirstPanel);
                int blocksAtOnce = PackedFloats / (blockDepth * p.Panels * GemmKernel.Columns);
                for (p.FirstBlock = 0; p.FirstBlock < blocks; p.FirstBlock += blocksAtOnce)
                {
                    p.Blocks = Math.Min(blocksAtOnce, blocks - p.FirstBlock);
                    team.For(p.Blocks * p.Panels, 4, p, static (p, from, to) => PackB(p, from, to));
                    p.RowTiles = Math.Min(p.RowPanels, Divide(Divide(p.RowPanels, MaxRowPanels), team.Count) * team.Count);
                    p.ColumnTiles = p.RowTiles >= team.Count ? 1 : Math.Min(p.Panels, team.Count);
                    team.For(p.RowTiles * p.ColumnTiles, 1, p, static (p, from, to) => MultiplyTiles(p, from, to));
                }
            }
        }
    }

    private static int Divide(int dividend, int divisor) => (dividend + divisor - 1) / divisor;

    private static void PackB(in Product p, int from, int to)
    {
        for (int item = from; item < to; item++)
        {
            int block = item / p.Panels, panel = item % p.Panels;
            int lane = (p.FirstPanel + panel) * GemmKernel.Columns;
            GemmPacking.PackColumns(p.PackedPanel(block, panel), p.B, lane, p.N - lane, p.BlockStart(block), p.DepthOf(block));
        }
    }

    private static void MultiplyTiles(in Product p, int from, int to)
    {
        for (int tile = from; tile < to; tile++)
        {
            int row = tile % p.RowTiles, column = tile / p.RowTiles;
            MultiplyTile(
                p, p.RowPanels * row / p.RowTiles, p.RowPanels * (row + 1) / p.RowTiles,
                p.Panels * column / p.ColumnTiles, p.Panels * (column + 1) / p.ColumnTiles);
        }
    }

    [SkipLocalsInit]
    private static void MultiplyTile(in Product p, int fromRow, int toRow, int fromColumn, int toColumn)
    {
        float* space = stackalloc float[MaxRowPanels * GemmKernel.Rows * MaxDepth + GemmPacking.Overrun + 16];
        float* packedA = (float*)(((nint)space + 63) & ~63);
        float* edge = stackalloc float[GemmKernel.Rows * GemmKernel.Columns];

        for (int block = 0; block < p.Blocks; block++)
        {
            int depth = p.DepthOf(block), padded = GemmPacking.Padded(depth);
            for (int i = fromRow; i < toRow; i++)
                GemmPacking.PackRows(packedA + (i - fromRow) * GemmKernel.Rows * padded, p.A, i * GemmKernel.Rows, p.M - i * GemmKernel.Rows, p.BlockStart(block), depth);

            for (int j = fromColumn; j < toColumn; j++)
            {
                float* panelB = p.PackedPanel(block, j);
                int column = (p.FirstPanel + j) * GemmKernel.Columns, columns = p.N - column;
                for (int i = fromRow; i < toRow; i++)
                {
                    float* panelA = packedA + (i - fromRow) * GemmKernel.Rows * padded;
                    int row = i * GemmKernel.Rows, rows = p.M - row;
                    float* c = p.C + (nint)row * p.N + column;

                    bool first = block + p.FirstBlock == 0;
                    float* addend = !first || p.Accumulate ? c : p.Bias != null ? p.Bias + column : p.Zeros;
                    nint addendStride = !first || p.Accumulate ? p.N : 0;
                    if (rows >= GemmKernel.Rows && columns >= GemmKernel.Columns)
                        GemmKernel.Tile(c, addend, panelA, panelB, padded, p.N, addendStride);
                    else
                    {
                        GemmKernel.Tile(edge, p.Zeros, panelA, panelB, padded, GemmKernel.Columns, 0);
                        AddEdge(c, addend, edge, Math.Min(rows, GemmKernel.Rows), Math.Min(columns, GemmKernel.Columns), p.N, addendStride);
                    }
                }
            }
        }
    }

    private static void AddEdge(float* c, float* addend, float* sums, int rows, int columns, nint cStride, nint addendStride)
    {
        for (int i = 0; i < rows; i++, c += cStride, addend += addendStride, sums += GemmKernel.Columns)
            for (int j = 0; j < columns; j++) c[j] = addend[j] + sums[j];
    }

    // One product, and the stretch of packed B that is being worked on.
    private struct Product
    {
        public float* C, Bias, Zeros, Packed;
        public GemmOperand A, B;
        public bool Accumulate;
        public int M, N, K, BlockDepth, RowPanels;
        public int FirstPanel, Panels, FirstBlock, Blocks;
        public int RowTiles, ColumnTiles;

        public readonly int BlockStart(int block) => (FirstBlock + block) * BlockDepth;

        public readonly int DepthOf(int block) => Math.Min(BlockDepth, K - BlockStart(block));

        public readonly float* PackedPanel(int block, int panel) =>
            Packed + (nint)GemmKernel.Columns * (block * BlockDepth * Panels + GemmPacking.Padded(DepthOf(block)) * panel);
    }
}
