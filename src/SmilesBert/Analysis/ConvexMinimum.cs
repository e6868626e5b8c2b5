namespace SmilesBert.Analysis;

/// <summary>
/// The minimum of a smooth convex function by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5), from gradients alone:
/// along a line a convex function falls until its slope changes sign, so slopes are all that a line search needs. Near the minimum they say
/// which way is down long after the values, sums of many rows' losses, differ by rounding only.
/// A rough inverse of the second derivatives, the same everywhere, takes the place of the identity that L-BFGS begins each direction with.
/// </summary>
internal static class ConvexMinimum
{
    private const int Memory = 10, MostSteps = 300, MostTrials = 30;

    // A step ends where the slope has fallen to this share of what it was at its beginning (the curvature condition).
    private const double SlopeShare = 0.5;

    /// <summary>Writes the gradient at a point.</summary>
    public delegate void Gradient(double[] point, double[] gradient);

    /// <summary>Walks to the minimum.</summary>
    /// <param name="point">Where to begin; the minimum, at the end.</param>
    /// <param name="gradientAt">The function's gradient.</param>
    /// <param name="divide">Divides a vector, in place, by roughly the matrix of second derivatives (positive definite).</param>
    /// <param name="tolerance">How far above the minimum's value, as the slopes seen so far foretell it, is near enough.</param>
    /// <param name="stop">Ends it between two steps.</param>
    /// <returns>Whether it was reached.</returns>
    public static bool Find(double[] point, Gradient gradientAt, Action<double[]> divide, double tolerance, CancellationToken stop)
    {
        int n = point.Length;
        double[] gradient = new double[n], direction = new double[n], next = new double[n], nextGradient = new double[n];
        LinkedList<Correction> history = [];
        gradientAt(point, gradient);
        for (int step = 0; step < MostSteps; step++)
        {
            stop.ThrowIfCancellationRequested();
            Descend(direction, gradient, history, divide);
            double slope = Dot(direction, gradient);
            if (-slope / 2 <= tolerance) return true;
            if (!Walk(point, direction, slope, gradientAt, next, nextGradient))
            {
                if (history.Count == 0) return false;
                history.Clear();
                continue;
            }
            double[] s = new double[n], y = new double[n];
            for (int i = 0; i < n; i++) (s[i], y[i]) = (next[i] - point[i], nextGradient[i] - gradient[i]);
            Correction latest = new(s, y, 1 / Dot(s, y));
            history.AddLast(latest);
            if (history.Count > Memory) history.RemoveFirst();
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
        }
        return false;
    }

    // A point on the line where the slope is near enough to none: doubled until the minimum is passed, then between the two nearest on either side.
    private static bool Walk(double[] point, double[] direction, double slope, Gradient gradientAt, double[] next, double[] nextGradient)
    {
        double length = 1;
        double near = 0, nearSlope = slope, far = double.PositiveInfinity, farSlope = 0;
        for (int trial = 0; trial < MostTrials; trial++)
        {
            for (int i = 0; i < point.Length; i++) next[i] = point[i] + (length * direction[i]);
            gradientAt(next, nextGradient);
            double reached = Dot(direction, nextGradient);
            if (Math.Abs(reached) <= SlopeShare * Math.Abs(slope)) return true;
            if (reached < 0) (near, nearSlope) = (length, reached);
            else (far, farSlope) = (length, reached);
            // Where a straight line through the two slopes meets zero, but no nearer to either end than a tenth.
            double share = Math.Clamp(nearSlope / (nearSlope - farSlope), 0.1, 0.9);
            length = double.IsInfinity(far) ? 2 * length : near + (share * (far - near));
        }
        return false;
    }

    // direction = -H gradient, H being the inverse of the second derivatives as the last steps show them.
    private static void Descend(double[] direction, double[] gradient, LinkedList<Correction> history, Action<double[]> divide)
    {
        for (int i = 0; i < direction.Length; i++) direction[i] = -gradient[i];
        Stack<double> shares = [];
        for (LinkedListNode<Correction>? node = history.Last; node is not null; node = node.Previous)
        {
            (double[] s, double[] y, double rho) = node.Value;
            double share = rho * Dot(s, direction);
            shares.Push(share);
            Add(direction, y, -share);
        }
        divide(direction);
        foreach ((double[] s, double[] y, double rho) in history) Add(direction, s, shares.Pop() - (rho * Dot(y, direction)));
    }

    private static void Add(double[] to, double[] vector, double share)
    {
        for (int i = 0; i < to.Length; i++) to[i] += share * vector[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    // What a step showed: its displacement, the gradient's change, and 1 / (s . y).
    private readonly record struct Correction(double[] S, double[] Y, double Rho);
}
