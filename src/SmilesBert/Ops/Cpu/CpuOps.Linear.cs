using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

// Linear layers: three matrix products, and the column sums for the bias.
//
//   Y  = X W^T + bias      DX = DY W      DW += DY^T X      dBias += column sums of DY
//
// X (N,In), Y (N,Out), W (Out,In), row-major. Gemm sees each operand as lanes by depth, so that a transpose is a matter of two strides.
public sealed unsafe partial class CpuOps
{
    // A cache line of floats and more, and a multiple of what ColumnSums adds abreast.
    private const int ColumnsAtOnce = 64;

    private Gemm? gemm;

    private Gemm Products => gemm ??= new Gemm(team);

    public void LinearForward(Floats y, Floats x, Floats w, Floats bias, int n, int @in, int @out)
    {
        fixed (float* py = Open(y), px = Open(x), pw = Open(w), pBias = Open(bias))
            Products.Multiply(py, new(px, laneStride: @in, depthStride: 1), new(pw, laneStride: @in, depthStride: 1), pBias, false, n, @out, @in);
    }

    public void LinearBackwardInput(Floats dx, Floats dy, Floats w, int n, int @in, int @out, bool accumulate)
    {
        fixed (float* pdx = Open(dx), pdy = Open(dy), pw = Open(w))
            Products.Multiply(pdx, new(pdy, laneStride: @out, depthStride: 1), new(pw, laneStride: 1, depthStride: @in), null, accumulate, n, @in, @out);
    }

    public void LinearBackwardParams(Floats dw, Floats dBias, Floats dy, Floats x, int n, int @in, int @out)
    {
        fixed (float* pdw = Open(dw), pdBias = Open(dBias), pdy = Open(dy), px = Open(x))
        {
            Products.Multiply(pdw, new(pdy, laneStride: 1, depthStride: @out), new(px, laneStride: 1, depthStride: @in), null, true, @out, @in, n);
            if (pdBias != null) team.For(@out, ColumnsAtOnce, new ColumnSums(pdBias, pdy, n, @out), static (s, from, to) => s.Add(from, to));
        }
    }

    // dBias: row after row into each column's sum, so the order is fixed whoever takes the column.
    private readonly struct ColumnSums(float* sums, float* x, int rows, int columns)
    {
        public void Add(int from, int to)
        {
            int j = from;
            for (; j <= to - 16; j += 16)
            {
                Vector256<float> sum0 = default, sum1 = default;
                for (float* row = x + j, end = row + (nint)rows * columns; row < end; row += columns)
                {
                    sum0 += Vector256.Load(row);
                    sum1 += Vector256.Load(row + 8);
                }
                (Vector256.Load(sums + j) + sum0).Store(sums + j);
                (Vector256.Load(sums + j + 8) + sum1).Store(sums + j + 8);
            }
            for (; j < to; j++)
            {
                float sum = 0;
                for (int i = 0; i < rows; i++) sum += x[(nint)i * columns + j];
                sums[j] += sum;
            }
        }
    }
}
