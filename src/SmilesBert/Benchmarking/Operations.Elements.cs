using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

// Layer norm, dropout, activations, losses and the optimizer.
internal sealed partial class Operations
{
    private Operation LayerNormForward()
    {
        Operand x = operands.Random(n * c), gamma = operands.Random(c), beta = operands.Random(c);
        Floats y = operands.Output(n * c), mean = operands.Output(n), rstd = operands.Output(n);
        return new(
            "LayerNormForward", Product(n, c), 0, Bytes((2L * n * c) + (2L * n) + (2L * c)),
            () => ops.LayerNormForward(y, mean, rstd, x, gamma, beta, n, c, Epsilon), y, mean, rstd)
        {
            Expected = i =>
            {
                int row = i / c * c;
                double average = Sum(c, k => x[row + k]) / c, variance = Sum(c, k => (x[row + k] - average) * (x[row + k] - average)) / c;
                return ((x[i] - average) / Math.Sqrt(variance + Epsilon) * gamma[i % c]) + beta[i % c];
            },
        };
    }

    private Operation ResidualLayerNormForward()
    {
        Operand x = operands.Random(n * c), residual = operands.Random(n * c), gamma = operands.Random(c), beta = operands.Random(c);
        Floats y = operands.Output(n * c), s = operands.Output(n * c), mean = operands.Output(n), rstd = operands.Output(n);
        return new(
            "ResidualLayerNormForward", Product(n, c), 0, Bytes((4L * n * c) + (2L * n) + (2L * c)),
            () => ops.ResidualLayerNormForward(y, s, mean, rstd, x, residual, gamma, beta, n, c, Epsilon, SomeDropout), y, s, mean, rstd);
    }

    private Operation LayerNormBackward()
    {
        Operand dGamma = operands.Random(c), dBeta = operands.Random(c), dy = operands.Random(n * c), x = operands.Random(n * c);
        Operand gamma = operands.Random(c), mean = operands.Random(n, 0.1f), rstd = operands.Random(n, 0.1f, 1.7f);
        Floats dx = operands.Output(n * c);
        return new(
            "LayerNormBackward", Product(n, c), 0, Bytes((3L * n * c) + (2L * n) + (5L * c)),
            () => ops.LayerNormBackward(dx, dGamma, dBeta, dy, x, gamma, mean, rstd, n, c), dx, dGamma, dBeta)
        {
            Expected = i =>
            {
                int row = i / c * c;
                double Xhat(int k) => (x[row + k] - mean[i / c]) * rstd[i / c];
                double G(int k) => dy[row + k] * gamma[k];
                return rstd[i / c] * (G(i % c) - (Sum(c, G) / c) - (Xhat(i % c) * Sum(c, k => G(k) * Xhat(k)) / c));
            },
        };
    }

    private Operation ResidualLayerNormBackward()
    {
        Operand dGamma = operands.Random(c), dBeta = operands.Random(c), dy = operands.Random(n * c), s = operands.Random(n * c);
        Operand gamma = operands.Random(c), mean = operands.Random(n, 0.1f), rstd = operands.Random(n, 0.1f, 1.7f);
        Floats dx = operands.Output(n * c), dResidual = operands.Output(n * c);
        return new(
            "ResidualLayerNormBackward", Product(n, c), 0, Bytes((4L * n * c) + (2L * n) + (5L * c)),
            () => ops.ResidualLayerNormBackward(dx, dResidual, dGamma, dBeta, dy, s, gamma, mean, rstd, n, c, SomeDropout), dx, dResidual, dGamma, dBeta);
    }

    private Operation Dropout()
    {
        Operand x = operands.Random(n * c);
        Floats y = operands.Output(n * c);
        return new("Dropout", Product(n, c), 0, Bytes(2L * n * c), () => ops.Dropout(y, x, n * c, SomeDropout), y);
    }

    private Operation ActivationBackward()
    {
        Operand dy = operands.Random(n * f), x = operands.Random(n * f, 3f);
        Floats dx = operands.Output(n * f);
        return new(
            "ActivationBackward", $"{Product(n, f)}, GELU", 0, Bytes(3L * n * f),
            () => ops.ActivationBackward(dx, dy, x, n * f, ActivationKind.Gelu), dx)
        {
            Expected = i => dy[i] * (NormalCdf(x[i]) + (x[i] * Bell(x[i]))),
        };
    }

    // As pretraining has it: the masked tokens, each over the vocabulary.
    private Operation CrossEntropy()
    {
        int rows = Math.Max(1, (int)(MaskedShare * n)), k = size.Vocabulary;
        Operand x = operands.Random(rows * k, 3f), weights = operands.Random(rows, 0.5f, 1f);
        Ints labels = operands.Integers(ids.AsSpan(0, rows));
        Floats loss = operands.Output(rows), dx = operands.Output(rows * k);
        return new(
            "CrossEntropy", Product(rows, k), 0, Bytes((2L * rows * k) + (3L * rows)),
            () => ops.CrossEntropy(loss, dx, x, labels, weights, rows, k), loss, dx)
        {
            Expected = r => weights[r] * (Math.Log(Sum(k, j => Math.Exp(x[(r * k) + j]))) - x[(r * k) + ids[r]]),
        };
    }

    private Operation BinaryCrossEntropy() => ElementLoss(
        "BinaryCrossEntropy", ops.BinaryCrossEntropy, static (x, t) => Math.Max(x, 0) - (x * t) + Math.Log(1 + Math.Exp(-Math.Abs(x))));

    private Operation SquaredError() => ElementLoss("SquaredError", ops.SquaredError, static (x, t) => (x - t) * (x - t));

    private Operation ElementLoss(
        string name, Action<Floats, Floats, Floats, Floats, Floats, int, int> call, Func<double, double, double> term)
    {
        const int K = NetworkSize.Classes;
        Operand x = operands.Random(b * K, 3f), targets = operands.Random(b * K, 0.5f, 0.5f), weights = operands.Random(b * K, 0.5f, 1f);
        Floats loss = operands.Output(b), dx = operands.Output(b * K);
        return new(name, Product(b, K), 0, Bytes((4L * b * K) + b), () => call(loss, dx, x, targets, weights, b, K), loss, dx)
        {
            Expected = r => Sum(K, k => weights[(r * K) + k] * term(x[(r * K) + k], targets[(r * K) + k])),
        };
    }

    private Operation Fill()
    {
        Floats y = operands.Output(parameters);
        return new("Fill", Product(parameters), 0, Bytes(parameters), () => ops.Fill(y, 2f), y) { Expected = static _ => 2 };
    }

    private Operation Norm()
    {
        Operand x = operands.Random(parameters);
        Floats norm = operands.Output(1);
        return new("Norm", Product(parameters), 0, Bytes(parameters), () => ops.Norm(norm, x, parameters), norm)
        {
            Expected = _ => Math.Sqrt(Sum(parameters, i => x[i] * x[i])),
        };
    }

    private Operation AdamW()
    {
        const float Rate = 1f, Decay = 0.01f;       // a rate that moves every value far enough for the check to see
        Operand value = operands.Random(parameters), m = operands.Random(parameters, 0.1f), v = operands.Random(parameters, 0.001f, 0.002f);
        Operand grad = operands.Random(parameters), norm = operands.Random(1, 0f, 2f);
        AdamWStep step = new(LearningRate: Rate, Beta1: 0.9f, Beta2: 0.999f, Epsilon: 1e-8f, WeightDecay: Decay, MaxGradientNorm: 1f, Step: 10);
        return new(
            "AdamW", Product(parameters), 0, Bytes(7L * parameters),
            () => ops.AdamW(value, m, v, grad, norm, norm, parameters, decaying, step), value, m, v)
        {
            Expected = i =>
            {
                double g = grad[i] / norm[0], first = (0.9 * m[i]) + (0.1 * g), second = (0.999 * v[i]) + (0.001 * g * g);
                double kept = i < decaying ? value[i] * (1 - (Rate * Decay)) : value[i];
                return kept - (Rate * (first / step.Correction1) / Math.Sqrt(second / step.Correction2));
            },
        };
    }

    // The standard normal density, and its integral: 1/2 + density * (x + x^3/3 + x^5/(3*5) + ...), for x of a few units.
    private static double Bell(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    private static double NormalCdf(double x)
    {
        double term = x, sum = x;
        for (int odd = 3; Math.Abs(term) > 1e-17; odd += 2) sum += term *= x * x / odd;
        return 0.5 + (Bell(x) * sum);
    }
}
