using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    // Rows that a thread takes at once. A multiple of 4, so that they begin where a counter of dropout's does, whatever C is.
    private const int NormRows = 16;
    private const int MaxNormChunks = 64;

    private readonly record struct LayerNormArgs(
        Floats Y, Floats Mean, Floats Rstd, Floats X, Floats Gamma, Floats Beta, int N, int C, float Epsilon);

    private readonly record struct ResidualArgs(LayerNormArgs Norm, Floats X, Floats Residual, Dropout Dropout);

    private readonly record struct LayerNormBackwardArgs(
        Floats Dx, Floats Dropped, Floats Partial, Floats Dy, Floats X, Floats Gamma, Floats Mean, Floats Rstd, int N, int C, int Chunk, Dropout Dropout);

    public void LayerNormForward(Floats y, Floats mean, Floats rstd, Floats x, Floats gamma, Floats beta, int n, int c, float epsilon) =>
        team.For(n, NormRows, new LayerNormArgs(y, mean, rstd, x, gamma, beta, n, c, epsilon), static (a, from, to) => Normalise(a, from, to));

    public void ResidualLayerNormForward(
        Floats y, Floats s, Floats mean, Floats rstd, Floats x, Floats residual, Floats gamma, Floats beta, int n, int c, float epsilon, Dropout dropout)
    {
        LayerNormArgs norm = new(y, mean, rstd, s, gamma, beta, n, c, epsilon);
        team.For((n + NormRows - 1) / NormRows, 1, new ResidualArgs(norm, x, residual, dropout), static (a, from, to) =>
        {
            (int n, int c) = (a.Norm.N, a.Norm.C);
            int count = checked(n * c);
            float* s = Pointer(a.Norm.X, count), x = Pointer(a.X, count), residual = Pointer(a.Residual, count);
            DropoutMask mask = new(a.Dropout);
            // A few rows at a time, so that they are still in the cache when they are normalised.
            for (int block = from; block < to; block++)
            {
                int first = block * NormRows, end = Math.Min(first + NormRows, n);
                AddDropped(s, residual, x, first * c, end * c, mask);
                Normalise(a.Norm, first, end);
            }
        });
    }

    public void LayerNormBackward(
        Floats dx, Floats dGamma, Floats dBeta, Floats dy, Floats x, Floats gamma, Floats mean, Floats rstd, int n, int c) =>
        LayerNormBackward(dx, default, dGamma, dBeta, dy, x, gamma, mean, rstd, n, c, Ops.Dropout.None);

    public void ResidualLayerNormBackward(
        Floats dx, Floats dResidual, Floats dGamma, Floats dBeta, Floats dy, Floats s, Floats gamma, Floats mean, Floats rstd, int n, int c, Dropout dropout) =>
        LayerNormBackward(dResidual, dx, dGamma, dBeta, dy, s, gamma, mean, rstd, n, c, dropout);

    // An empty dropped, the gradient of what the dropout dropped from, is left out.
    private void LayerNormBackward(
        Floats dx, Floats dropped, Floats dGamma, Floats dBeta, Floats dy, Floats x, Floats gamma, Floats mean, Floats rstd, int n, int c, Dropout dropout)
    {
        // Each chunk of rows adds up its own parameter gradients; the chunks, a matter of N alone, are then summed in order.
        int blocks = (n + NormRows - 1) / NormRows, chunk = NormRows * Math.Max(1, (blocks + MaxNormChunks - 1) / MaxNormChunks);
        int chunks = (n + chunk - 1) / chunk;
        Floats partial = Scratch((long)chunks * 2 * c);
        team.For(chunks, 1, new LayerNormBackwardArgs(dx, dropped, partial, dy, x, gamma, mean, rstd, n, c, chunk, dropout), static (a, from, to) =>
        {
            for (int item = from; item < to; item++) NormaliseBackward(a, item);
        });
        float* sums = Pointer(partial, (long)chunks * 2 * c);
        AddRows(Pointer(dGamma, c), sums, chunks, 2 * c, c);
        AddRows(Pointer(dBeta, c), sums + c, chunks, 2 * c, c);
    }

    private static void Normalise(LayerNormArgs a, int from, int to)
    {
        int c = a.C;
        float* y = Pointer(a.Y, (long)a.N * c), x = Pointer(a.X, (long)a.N * c);
        float* mean = Pointer(a.Mean, a.N), rstd = Pointer(a.Rstd, a.N), gamma = Pointer(a.Gamma, c), beta = Pointer(a.Beta, c);
        for (int n = from; n < to; n++)
        {
            float* row = x + ((long)n * c), outRow = y + ((long)n * c);
            mean[n] = VectorMath.Sum(row, c) / c;
            rstd[n] = 1f / MathF.Sqrt((SquaredDeviations(row, mean[n], c) / c) + a.Epsilon);
            Vector256<float> mu = Vector256.Create(mean[n]), r = Vector256.Create(rstd[n]);
            int i = 0;
            for (; i <= c - VectorMath.Width; i += VectorMath.Width)
                VectorMath.MultiplyAdd((Vector256.Load(row + i) - mu) * r, Vector256.Load(gamma + i), Vector256.Load(beta + i)).Store(outRow + i);
            if (i == c) continue;
            int left = c - i;
            Vector256<float> last = (VectorMath.LoadPart(row + i, left) - mu) * r;
            last = VectorMath.MultiplyAdd(last, VectorMath.LoadPart(gamma + i, left), VectorMath.LoadPart(beta + i, left));
            VectorMath.StorePart(last, outRow + i, left);
        }
    }

    private static float SquaredDeviations(float* x, float mean, int c)
    {
        Vector256<float> mu = Vector256.Create(mean), a = default, b = default;
        int i = 0;
        for (; i <= c - (2 * VectorMath.Width); i += 2 * VectorMath.Width)
        {
            Vector256<float> d = Vector256.Load(x + i) - mu, e = Vector256.Load(x + i + VectorMath.Width) - mu;
            a = VectorMath.MultiplyAdd(d, d, a);
            b = VectorMath.MultiplyAdd(e, e, b);
        }
        for (; i < c; i += VectorMath.Width)
        {
            Vector256<float> d = VectorMath.LoadPart(x + i, c - i, rest: mean) - mu;
            a = VectorMath.MultiplyAdd(d, d, a);
        }
        return Vector256.Sum(a + b);
    }

    private static void NormaliseBackward(LayerNormBackwardArgs a, int item)
    {
        int from = item * a.Chunk, to = Math.Min(from + a.Chunk, a.N);
        float* sums = Row(a.Partial, item, 2 * a.C);
        new Span<float>(sums, 2 * a.C).Clear();
        DropoutMask mask = new(a.Dropout);
        // A few rows at a time, so that they are still in the cache when their dropped copy is made.
        for (int first = from; first < to; first += NormRows)
        {
            int end = Math.Min(first + NormRows, to), count = checked(a.N * a.C);
            NormaliseBackward(a, first, end, sums, sums + a.C);
            if (!a.Dropped.IsEmpty) AddDropped(Pointer(a.Dropped, count), null, Pointer(a.Dx, count), first * a.C, end * a.C, mask);
        }
    }

    private static void NormaliseBackward(LayerNormBackwardArgs a, int from, int to, float* dGamma, float* dBeta)
    {
        int c = a.C;
        float* gamma = Pointer(a.Gamma, c), mean = Pointer(a.Mean, a.N), rstd = Pointer(a.Rstd, a.N);
        for (int n = from; n < to; n++)
        {
            float* dx = Row(a.Dx, n, c), dy = Row(a.Dy, n, c), x = Row(a.X, n, c);
            Vector256<float> mu = Vector256.Create(mean[n]), r = Vector256.Create(rstd[n]), sumG = default, sumGX = default;
            for (int i = 0; i < c; i += VectorMath.Width)
            {
                int left = c - i;
                Vector256<float> xhat = (VectorMath.LoadPart(x + i, left) - mu) * r, d = VectorMath.LoadPart(dy + i, left);
                Vector256<float> g = d * VectorMath.LoadPart(gamma + i, left);
                sumG += g;
                sumGX = VectorMath.MultiplyAdd(g, xhat, sumGX);
                VectorMath.StorePart(VectorMath.MultiplyAdd(d, xhat, VectorMath.LoadPart(dGamma + i, left)), dGamma + i, left);
                VectorMath.StorePart(d + VectorMath.LoadPart(dBeta + i, left), dBeta + i, left);
            }
            Vector256<float> avgG = Vector256.Create(Vector256.Sum(sumG) / c), avgGX = Vector256.Create(Vector256.Sum(sumGX) / c);
            for (int i = 0; i < c; i += VectorMath.Width)
            {
                int left = c - i;
                Vector256<float> xhat = (VectorMath.LoadPart(x + i, left) - mu) * r;
                Vector256<float> g = VectorMath.LoadPart(dy + i, left) * VectorMath.LoadPart(gamma + i, left);
                VectorMath.StorePart(r * (g - VectorMath.MultiplyAdd(xhat, avgGX, avgG)), dx + i, left);
            }
        }
    }
}
