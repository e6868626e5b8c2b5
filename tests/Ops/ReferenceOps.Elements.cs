using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

internal sealed partial class ReferenceOps
{
    // ---- Layer norm, dropout, activations --------------------------------------------------------------------------

    public void LayerNormForward(Floats y, Floats mean, Floats rstd, Floats x, Floats gamma, Floats beta, int n, int c, float epsilon)
    {
        for (int row = 0; row < n; row++)
        {
            Span<double> xs = Open(x).Slice(row * c, c), ys = Open(y).Slice(row * c, c);
            double sum = 0, squares = 0;
            foreach (double value in xs) sum += value;
            foreach (double value in xs) squares += (value - (sum / c)) * (value - (sum / c));
            Open(mean)[row] = sum / c;
            Open(rstd)[row] = 1 / Math.Sqrt((squares / c) + epsilon);
            for (int i = 0; i < c; i++) ys[i] = ((xs[i] - Open(mean)[row]) * Open(rstd)[row] * Open(gamma)[i]) + Open(beta)[i];
        }
    }

    public void ResidualLayerNormForward(
        Floats y, Floats s, Floats mean, Floats rstd, Floats x, Floats residual, Floats gamma, Floats beta, int n, int c, float epsilon, Dropout dropout)
    {
        for (int i = 0; i < n * c; i++) Open(s)[i] = Open(residual)[i] + (Open(x)[i] * ElementFactor(dropout, i));
        LayerNormForward(y, mean, rstd, s, gamma, beta, n, c, epsilon);
    }

    public void LayerNormBackward(
        Floats dx, Floats dGamma, Floats dBeta, Floats dy, Floats x, Floats gamma, Floats mean, Floats rstd, int n, int c)
    {
        for (int row = 0; row < n; row++)
        {
            Span<double> dxs = Open(dx).Slice(row * c, c), dys = Open(dy).Slice(row * c, c), xs = Open(x).Slice(row * c, c);
            (double mu, double r) = (Open(mean)[row], Open(rstd)[row]);
            double sumG = 0, sumGX = 0;
            for (int i = 0; i < c; i++)
            {
                double xhat = (xs[i] - mu) * r;
                sumG += dys[i] * Open(gamma)[i];
                sumGX += dys[i] * Open(gamma)[i] * xhat;
                Open(dGamma)[i] += dys[i] * xhat;
                Open(dBeta)[i] += dys[i];
            }
            for (int i = 0; i < c; i++) dxs[i] = r * ((dys[i] * Open(gamma)[i]) - (sumG / c) - ((xs[i] - mu) * r * sumGX / c));
        }
    }

    public void ResidualLayerNormBackward(
        Floats dx, Floats dResidual, Floats dGamma, Floats dBeta, Floats dy, Floats s, Floats gamma, Floats mean, Floats rstd, int n, int c, Dropout dropout)
    {
        LayerNormBackward(dResidual, dGamma, dBeta, dy, s, gamma, mean, rstd, n, c);
        for (int i = 0; i < n * c; i++) Open(dx)[i] = Open(dResidual)[i] * ElementFactor(dropout, i);
    }

    public void Dropout(Floats y, Floats x, int count, Dropout dropout)
    {
        for (int i = 0; i < count; i++) Open(y)[i] = Open(x)[i] * ElementFactor(dropout, i);
    }

    public void ActivationBackward(Floats dx, Floats dy, Floats x, int count, ActivationKind kind)
    {
        for (int i = 0; i < count; i++) Open(dx)[i] = Open(dy)[i] * ActivationSlope(Open(x)[i], kind);
    }

    private static double Activation(double x, ActivationKind kind) => kind switch
    {
        ActivationKind.Gelu => x * NormalCdf(x),
        ActivationKind.GeluTanh => x / 2 * (1 + Math.Tanh(Inner(x))),
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.Tanh => Math.Tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double ActivationSlope(double x, ActivationKind kind)
    {
        double t = Math.Tanh(kind == ActivationKind.GeluTanh ? Inner(x) : x);
        return kind switch
        {
            ActivationKind.Gelu => NormalCdf(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
            ActivationKind.GeluTanh => ((1 + t) / 2) + (x / 2 * (1 - (t * t)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x))),
            ActivationKind.Relu => x > 0 ? 1 : 0,
            ActivationKind.Tanh => 1 - (t * t),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static double Inner(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    /// <summary>
    /// Phi(x): near 0 its series about 0, far out the continued fraction of its tail (both from Abramowitz and Stegun, 26.2.11 and 26.2.14).
    /// </summary>
    internal static double NormalCdf(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(x) < 4)
        {
            double term = x, sum = x;
            for (int k = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); k += 2) sum += term *= x * x / k;
            return 0.5 + (density * sum);
        }
        double size = Math.Abs(x), fraction = size;
        for (int k = 200; k >= 1; k--) fraction = size + (k / fraction);
        return x < 0 ? density / fraction : 1 - (density / fraction);
    }

    // ---- Losses ----------------------------------------------------------------------------------------------------

    public void CrossEntropy(Floats loss, Floats dx, Floats x, Ints labels, Floats weights, int rows, int k)
    {
        for (int r = 0; r < rows; r++)
        {
            Span<double> xs = Open(x).Slice(r * k, k), dxs = Open(dx).Slice(r * k, k);
            double weight = Open(weights)[r], max = double.NegativeInfinity, sum = 0;
            dxs.Clear();
            Open(loss)[r] = 0;
            if (weight == 0) continue;
            foreach (double value in xs) max = Math.Max(max, value);
            foreach (double value in xs) sum += Math.Exp(value - max);
            int label = Open(labels)[r];
            Open(loss)[r] = weight * (max + Math.Log(sum) - xs[label]);
            for (int i = 0; i < k; i++) dxs[i] = ((Math.Exp(xs[i] - max) / sum) - (i == label ? 1 : 0)) * weight;
        }
    }

    public void BinaryCrossEntropy(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        ElementLoss(loss, dx, x, targets, weights, rows, k, static (x, t) =>
            (Math.Max(x, 0) - (x * t) + Math.Log(1 + Math.Exp(-Math.Abs(x))), (1 / (1 + Math.Exp(-x))) - t));

    public void SquaredError(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        ElementLoss(loss, dx, x, targets, weights, rows, k, static (x, t) => ((x - t) * (x - t), 2 * (x - t)));

    private static void ElementLoss(
        Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k, Func<double, double, (double Loss, double Slope)> term)
    {
        for (int r = 0; r < rows; r++)
        {
            Open(loss)[r] = 0;
            for (int i = r * k; i < (r + 1) * k; i++)
            {
                double weight = Open(weights)[i];
                (double value, double slope) = weight == 0 ? (0, 0) : term(Open(x)[i], Open(targets)[i]);
                Open(loss)[r] += weight * value;
                Open(dx)[i] = weight * slope;
            }
        }
    }
}
