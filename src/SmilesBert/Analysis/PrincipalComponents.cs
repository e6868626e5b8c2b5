using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using SmilesBert.Ops;

namespace SmilesBert.Analysis;

/// <summary>
/// Principal components of rows, as scikit-learn's <c>PCA(svd_solver="full")</c> defines them: X centred = U S V^T, components V^T,
/// coordinates U S, variances S^2 / (rows - 1).
/// <para>V comes from the eigenvectors of X^T X, or U from those of X X^T where there are fewer rows than columns. The product is made in float on
/// a device; the few eigenvectors asked for are then corrected against X itself in double, so that nothing is lost by squaring X.</para>
/// <para>Signs are those of scikit-learn before 1.5 (1.2.1's <c>svd_flip</c> on U): of each component's coordinates the one largest in magnitude,
/// the first of equals, is positive. (Since 1.5 it is the largest of the component's own entries.)</para>
/// <para>A component without variance has no direction of its own; it is the first axis of the space, made orthogonal to those before it.</para>
/// </summary>
public sealed class PrincipalComponents
{
    // Each correction leaves the square of the error, or what doubles hold.
    private const int Corrections = 3;

    // A first-order correction says nothing of two eigenvectors that it would turn further than this into one another.
    private const double FarthestTurn = 0.1;

    // Singular values this far below the first are rounding.
    private const double LeastShare = 1e-10;

    private readonly double[] mean;
    private readonly double[][] components;

    private PrincipalComponents(double[] mean, double[][] components, double[] variance, double totalVariance, float[] coordinates)
    {
        this.mean = mean;
        this.components = components;
        ExplainedVariance = variance;
        ExplainedVarianceRatio =
        [
            .. variance.Select((v, i) => Metric.Of($"pc{i + 1}", totalVariance > 0 ? v / totalVariance : null, "all rows are equal: there is no variance")),
        ];
        Coordinates = coordinates;
    }

    /// <summary>How many components there are.</summary>
    public int Count => components.Length;

    /// <summary>Columns of the rows.</summary>
    public int Width => mean.Length;

    /// <summary>(width) The mean of the rows.</summary>
    public IReadOnlyList<double> Mean => mean;

    /// <summary>(count) Each component's variance, divided by rows - 1; descending.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>(count) Each component's share of the variance of all columns; undefined where all rows are equal.</summary>
    public IReadOnlyList<Metric> ExplainedVarianceRatio { get; }

    /// <summary>(rows, count) Where the rows lie on the components.</summary>
    public float[] Coordinates { get; }

    /// <summary>(width) A component: a vector of length 1.</summary>
    public ReadOnlySpan<double> Component(int index) => components[index];

    /// <summary>Finds the components of rows.</summary>
    /// <param name="ops">Makes the matrix product.</param>
    /// <param name="rows">(rows, width), row after row.</param>
    /// <param name="width">Values a row.</param>
    /// <param name="components">How many are wanted.</param>
    /// <exception cref="InputException">There are fewer than two rows, fewer rows or columns than components, or a value that is not finite.</exception>
    public static PrincipalComponents Fit(IOps ops, float[] rows, int width, int components)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        int count = CheckRows(rows, width);
        if (count < 2) throw new InputException($"principal components need at least 2 rows, and there {(count == 1 ? "is 1" : "are none")}");
        if (components > Math.Min(count, width))
            throw new InputException(
                $"{count} rows of {width} values have at most {Math.Min(count, width)} principal components, and {components} are asked for");

        CentredRows x = new(rows, width);
        (double Value, double[] Vector)[] basis = Eigenvectors(x.SmallerProduct(ops), Math.Min(count, width));
        double[][] found = new double[components][];
        double[] variance = new double[components];
        float[] coordinates = new float[count * components];
        double first = 0;
        for (int k = 0; k < components; k++)
        {
            (double[] v, double[] y) = Corrected(basis, k, x);
            double length = Length(y);
            first = Math.Max(first, length);
            if (length <= first * LeastShare)
            {
                found[k] = Axis(found.AsSpan(0, k), width);
                continue;
            }
            double sign = y[IndexOfLargest(y)] < 0 ? -1 : 1;
            for (int j = 0; j < width; j++) v[j] *= sign;
            found[k] = v;
            variance[k] = length * length / (x.Scale * x.Scale) / (count - 1);
            for (int i = 0; i < count; i++) coordinates[(i * components) + k] = (float)(sign * y[i] / x.Scale);
        }
        return new PrincipalComponents([.. x.Mean], found, variance, x.SumOfSquares / (count - 1), coordinates);
    }

    /// <summary>Where other rows lie on these components.</summary>
    /// <param name="rows">(any number of rows, width).</param>
    /// <returns>(rows, count)</returns>
    /// <exception cref="InputException">A value is not finite.</exception>
    public float[] Transform(float[] rows)
    {
        int n = CheckRows(rows, Width);
        float[] coordinates = new float[n * Count];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < Count; k++)
            {
                ReadOnlySpan<float> row = rows.AsSpan(i * Width, Width);
                double[] component = components[k];
                double sum = 0;
                for (int j = 0; j < row.Length; j++) sum += (row[j] - mean[j]) * component[j];
                coordinates[(i * Count) + k] = (float)sum;
            }
        return coordinates;
    }

    private static int CheckRows(float[] rows, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (rows.Length % width != 0) throw new ArgumentException($"{rows.Length} values are not rows of {width}", nameof(rows));
        int wrong = Array.FindIndex(rows, static value => !float.IsFinite(value));
        if (wrong >= 0) throw new InputException($"row {(wrong / width) + 1} has a value that is not finite ({rows[wrong]}, in column {(wrong % width) + 1})");
        return rows.Length / width;
    }

    // Largest value first.
    private static (double Value, double[] Vector)[] Eigenvectors(double[] symmetric, int side)
    {
        Evd<double> evd = Matrix<double>.Build.Dense(side, side, symmetric).Evd(Symmetricity.Symmetric);
        return [.. Enumerable.Range(0, side).Reverse().Select(k => (evd.EigenValues[k].Real, evd.EigenVectors.Column(k).ToArray()))];
    }

    /// <summary>
    /// The k-th component (width), of length 1, and the coordinates on it (rows), scaled as X is. An eigenvector e of A^T A that is off by little is mended by what first-order perturbation says:
    /// with value = |A e|^2 and residual r = A^T A e - value * e, e += the sum over the others b of b * (b . r) / (value - value of b).
    /// </summary>
    private static (double[] V, double[] Y) Corrected((double Value, double[] Vector)[] basis, int k, CentredRows x)
    {
        double[] e = [.. basis[k].Vector];
        for (int pass = 0; pass < Corrections; pass++)
        {
            double[] product = x.IsTall ? x.TransposeTimes(x.Times(e)) : x.Times(x.TransposeTimes(e));
            double value = Dot(e, product);
            for (int j = 0; j < e.Length; j++) product[j] -= value * e[j];
            for (int other = 0; other < basis.Length; other++)
            {
                if (other == k) continue;
                double turn = Dot(basis[other].Vector, product) / (value - basis[other].Value);
                if (!(Math.Abs(turn) < FarthestTurn)) continue;
                for (int j = 0; j < e.Length; j++) e[j] += turn * basis[other].Vector[j];
            }
            Normalise(e);
        }
        if (x.IsTall) return (e, x.Times(e));
        double[] v = x.TransposeTimes(e);
        double singular = Length(v);
        return (Normalise(v), [.. e.Select(u => u * singular)]);
    }

    // The first axis that is not (nearly) a sum of the vectors before, made orthogonal to them: there is one with at least 1 / width of it left.
    private static double[] Axis(ReadOnlySpan<double[]> before, int width)
    {
        for (int axis = 0; ; axis++)
        {
            double[] vector = new double[width];
            vector[axis] = 1;
            for (int again = 0; again < 2; again++)     // the second time mends what rounding left
                foreach (double[] other in before)
                {
                    double share = Dot(other, vector);
                    for (int j = 0; j < width; j++) vector[j] -= share * other[j];
                }
            if (Dot(vector, vector) >= 0.5 / width) return Normalise(vector);
        }
    }

    // Equal to within rounding counts as equal, so that the choice does not hang on noise.
    private static int IndexOfLargest(double[] values)
    {
        double largest = values.Max(Math.Abs);
        return Array.FindIndex(values, value => Math.Abs(value) >= largest * (1 - 1e-9));
    }

    private static double[] Normalise(double[] vector)
    {
        double length = Length(vector);
        for (int j = 0; length > 0 && j < vector.Length; j++) vector[j] /= length;
        return vector;
    }

    private static double Length(double[] vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++) sum += a[j] * b[j];
        return sum;
    }
}
