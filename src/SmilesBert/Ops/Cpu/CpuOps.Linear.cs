using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

// Linear layers: three matrix products, and the column sums for the bias.
//
//   Y  = X W^T + bias      DX = DY W      DW += DY^T X      dBias += column sums of DY
//
// and Y = f(pre), DX *= f'(pre), which the product applies part by part, while it is in the cache.
//
// X (N,In), Y (N,Out), W (Out,In), row-major. Gemm sees each operand as lanes by depth, so that a transpose is a matter of two strides.
public sealed unsafe partial class CpuOps
{
    // Columns that ColumnSums adds abreast.
    private const int ColumnsAtOnce = 64;

    private Gemm? gemm;

    private Gemm Products => gemm ??= new Gemm(team);

    public void LinearForward(Floats y, Floats x, Floats w, Floats bias, int n, int @in, int @out)
    {
        fixed (float* py = Open(y), px = Open(x), pw = Open(w), pBias = Open(bias))
            Products.Multiply(py, new(px, laneStride: @in, depthStride: 1), new(pw, laneStride: @in, depthStride: 1), pBias, false, n, @out, @in);
    }

    public void LinearActivationForward(Floats y, Floats pre, Floats x, Floats w, Floats bias, int n, int @in, int @out, ActivationKind kind)
    {
        fixed (float* py = Open(y), pPre = Open(pre.IsEmpty ? y : pre), px = Open(x), pw = Open(w), pBias = Open(bias))
            Products.Multiply(
                pPre, new(px, laneStride: @in, depthStride: 1), new(pw, laneStride: @in, depthStride: 1), pBias, false, n, @out, @in, Value(kind, py));
    }

    public void LinearBackwardInput(Floats dx, Floats dy, Floats w, int n, int @in, int @out, bool accumulate)
    {
        fixed (float* pdx = Open(dx), pdy = Open(dy), pw = Open(w))
            Products.Multiply(pdx, new(pdy, laneStride: @out, depthStride: 1), new(pw, laneStride: 1, depthStride: @in), null, accumulate, n, @in, @out);
    }

    public void LinearActivationBackwardInput(Floats dx, Floats dy, Floats w, Floats pre, int n, int @in, int @out, ActivationKind kind)
    {
        fixed (float* pdx = Open(dx), pdy = Open(dy), pw = Open(w), pPre = Open(pre))
            Products.Multiply(
                pdx, new(pdy, laneStride: @out, depthStride: 1), new(pw, laneStride: 1, depthStride: @in), null, false, n, @in, @out, Slope(kind, pPre));
    }

    public void LinearBackwardParams(Floats dw, Floats dBias, Floats dy, Floats x, int n, int @in, int @out)
    {
        fixed (float* pdw = Open(dw), pdBias = Open(dBias), pdy = Open(dy), px = Open(x))
        {
            Products.Multiply(pdw, new(pdy, laneStride: 1, depthStride: @out), new(px, laneStride: 1, depthStride: @in), null, true, @out, @in, n);
            if (pdBias != null) team.For(@out, ColumnsAtOnce, new ColumnSums(pdBias, pdy, n, @out), static (s, from, to) => s.Add(from, to));
        }
    }

    // dBias: row after row into each column's sum, so the order is fixed whoever takes the columns.
    private readonly struct ColumnSums(float* sums, float* x, int rows, int columns)
    {
        public void Add(int from, int to)
        {
            int j = from;
            for (; j <= to - ColumnsAtOnce; j += ColumnsAtOnce) AddWide(sums + j, x + j, rows, columns);
            for (; j < to; j++)
            {
                float sum = 0;
                for (int i = 0; i < rows; i++) sum += x[(nint)i * columns + j];
                sums[j] += sum;
            }
        }

        // Eight vectors abreast: whole cache lines of each row, and as many sums as hide the latency of an addition.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void AddWide(float* sums, float* x, int rows, nint columns)
        {
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (; rows > 0; rows--, x += columns)
            {
                s0 += Vector256.Load(x);
                s1 += Vector256.Load(x + 8);
                s2 += Vector256.Load(x + 16);
                s3 += Vector256.Load(x + 24);
                s4 += Vector256.Load(x + 32);
                s5 += Vector256.Load(x + 40);
                s6 += Vector256.Load(x + 48);
                s7 += Vector256.Load(x + 56);
            }
            (Vector256.Load(sums) + s0).Store(sums);
            (Vector256.Load(sums + 8) + s1).Store(sums + 8);
            (Vector256.Load(sums + 16) + s2).Store(sums + 16);
            (Vector256.Load(sums + 24) + s3).Store(sums + 24);
            (Vector256.Load(sums + 32) + s4).Store(sums + 32);
            (Vector256.Load(sums + 40) + s5).Store(sums + 40);
            (Vector256.Load(sums + 48) + s6).Store(sums + 48);
            (Vector256.Load(sums + 56) + s7).Store(sums + 56);
        }
    }
}
