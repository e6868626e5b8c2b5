// LayerNorm: normalise each row of X, then scale and shift.
//
//   Y[n,c]  = xhat[n,c] * Gamma[c] + Beta[c]        xhat[n,c] = (X[n,c] - Mean[n]) * Rstd[n]
//   DX[n,c] = Rstd[n] * (g - avg(g) - xhat * avg(g * xhat))       g = DY[n,c] * Gamma[c]
//   DGamma[c] += sum over n of DY[n,c] * xhat[n,c]                DBeta[c] += sum over n of DY[n,c]
//
// With a residual, what is normalised is S = Residual + dropout(X): the end of each half of an encoder layer. Then the DX above is that of S, and so
// of Residual; Dropped[n,c] = DX[n,c] * the element's factor is the gradient of what was dropped.
// N rows (tokens), C = hidden size; dense, row-major. Forward saves Mean and Rstd = 1 / sqrt(variance + Epsilon), with a residual also S.
// Y may be X, S may be X, DX may be DY. DX is written with =, DGamma and DBeta with +=.
namespace SmilesBert.Kernels;

public static class LayerNorm
{
    public readonly record struct ForwardArgs(
        FloatView Y, FloatView Mean, FloatView Rstd,        // (N,C) (N) (N)         out =
        FloatView X, FloatView Gamma, FloatView Beta,       // (N,C) (C) (C)         in
        int N, int C, float Epsilon);

    public readonly record struct ResidualForwardArgs(
        FloatView Y, FloatView S,                           // (N,C) (N,C)           out =
        FloatView Mean, FloatView Rstd,                     // (N) (N)               out =
        FloatView X, FloatView Residual,                    // (N,C) (N,C)           in
        FloatView Gamma, FloatView Beta,                    // (C) (C)               in
        int N, int C, float Epsilon, DropoutMask Mask);

    public readonly record struct BackwardArgs(
        FloatView DX, FloatView Dropped,                    // (N,C) (N,C)           out =; an empty Dropped is not written
        FloatView DGamma, FloatView DBeta,                  // (C) (C)               out +=
        FloatView DY, FloatView X, FloatView Gamma,         // (N,C) (N,C) (C)       in; X is what was normalised
        FloatView Mean, FloatView Rstd,                     // (N) (N)               in
        int N, int C, DropoutMask Mask);

    private const int Warps = 4;                            // rows of a group

    public static void Forward(IKernelDevice device, in ForwardArgs a)
    {
        if (a.N == 0) return;
        device.Launch(ForwardKernel, groups: RowGroups(a.N), threads: Warps * device.WarpSize, a);
    }

    public static void ResidualForward(IKernelDevice device, in ResidualForwardArgs a)
    {
        if (a.N == 0) return;
        device.Launch(ResidualForwardKernel, groups: RowGroups(a.N), threads: Warps * device.WarpSize, a);
    }

    public static void Backward(IKernelDevice device, in BackwardArgs a)
    {
        if (a.N == 0) return;
        // The parameters first: DX may take DY's place.
        device.Launch(BackwardParamsKernel, groups: Reduce.ColumnGroups(a.C), threads: Reduce.ColumnThreads, a);
        device.Launch(BackwardInputKernel, groups: RowGroups(a.N), threads: Warps * device.WarpSize, a);
    }

    private static int RowGroups(int rows) => (rows + Warps - 1) / Warps;

    // One warp per row.
    internal static void ForwardKernel(ForwardArgs a)
    {
        int n = Grid.GlobalIndex.X / Warp.WarpSize;
        if (n >= a.N) return;                               // the whole warp leaves together
        int row = n * a.C;

        float sum = 0f;
        for (int c = Warp.LaneIdx; c < a.C; c += Warp.WarpSize) sum += a.X[row + c];
        float mean = Reduce.WarpSum(sum) / a.C;
        float rstd = Normalise(a.Y, a.X, a.Gamma, a.Beta, row, a.C, mean, a.Epsilon);
        if (Warp.LaneIdx == 0)
        {
            a.Mean[n] = mean;
            a.Rstd[n] = rstd;
        }
    }

    // One warp per row. Each lane reads again the elements of S that it has written itself.
    internal static void ResidualForwardKernel(ResidualForwardArgs a)
    {
        int n = Grid.GlobalIndex.X / Warp.WarpSize;
        if (n >= a.N) return;                               // the whole warp leaves together
        int row = n * a.C;

        float sum = 0f;
        for (int c = Warp.LaneIdx; c < a.C; c += Warp.WarpSize)
        {
            float s = a.Residual[row + c] + (a.X[row + c] * a.Mask.ElementFactor(row + c));
            a.S[row + c] = s;
            sum += s;
        }
        float mean = Reduce.WarpSum(sum) / a.C;
        float rstd = Normalise(a.Y, a.S, a.Gamma, a.Beta, row, a.C, mean, a.Epsilon);
        if (Warp.LaneIdx == 0)
        {
            a.Mean[n] = mean;
            a.Rstd[n] = rstd;
        }
    }

    // A warp's row, its mean known; returns 1 / sqrt(variance + epsilon). A pass of its own for the variance: E[x^2] - E[x]^2 cancels in float.
    private static float Normalise(FloatView y, FloatView x, FloatView gamma, FloatView beta, int row, int columns, float mean, float epsilon)
    {
        float squares = 0f;
        for (int c = Warp.LaneIdx; c < columns; c += Warp.WarpSize)
        {
            float d = x[row + c] - mean;
            squares += d * d;
        }
        float rstd = XMath.Rsqrt((Reduce.WarpSum(squares) / columns) + epsilon);
        for (int c = Warp.LaneIdx; c < columns; c += Warp.WarpSize) y[row + c] = ((x[row + c] - mean) * rstd * gamma[c]) + beta[c];
        return rstd;
    }

    // One warp per row.
    internal static void BackwardInputKernel(BackwardArgs a)
    {
        int n = Grid.GlobalIndex.X / Warp.WarpSize;
        if (n >= a.N) return;                               // the whole warp leaves together
        int row = n * a.C;
        float mean = a.Mean[n], rstd = a.Rstd[n];

        float sumG = 0f, sumGXhat = 0f;
        for (int c = Warp.LaneIdx; c < a.C; c += Warp.WarpSize)
        {
            float g = a.DY[row + c] * a.Gamma[c];
            sumG += g;
            sumGXhat += g * ((a.X[row + c] - mean) * rstd);
        }
        float avgG = Reduce.WarpSum(sumG) / a.C, avgGXhat = Reduce.WarpSum(sumGXhat) / a.C;

        for (int c = Warp.LaneIdx; c < a.C; c += Warp.WarpSize)
        {
            float xhat = (a.X[row + c] - mean) * rstd;
            float dx = rstd * ((a.DY[row + c] * a.Gamma[c]) - avgG - (xhat * avgGXhat));
            a.DX[row + c] = dx;
            if (a.Dropped.Length > 0) a.Dropped[row + c] = dx * a.Mask.ElementFactor(row + c);
        }
    }

    // One group per eight columns; each column's threads take its rows in turn, and their sums are added in order.
    internal static void BackwardParamsKernel(BackwardArgs a)
    {
        int c = Reduce.Column(Grid.IdxX);
        float gammaSum = 0f, betaSum = 0f;
        if (c < a.C)
        {
            for (int n = Reduce.Stripe; n < a.N; n += Reduce.Stripes)
            {
                float dy = a.DY[(n * a.C) + c];
                gammaSum += dy * ((a.X[(n * a.C) + c] - a.Mean[n]) * a.Rstd[n]);
                betaSum += dy;
            }
        }
        gammaSum = Reduce.ColumnSum(gammaSum);
        betaSum = Reduce.ColumnSum(betaSum);
        if (Reduce.Stripe > 0 || c >= a.C) return;
        a.DGamma[c] += gammaSum;
        a.DBeta[c] += betaSum;
    }
}
