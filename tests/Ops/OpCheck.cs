using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

/// <summary>What is asked of every operation, whatever it computes.</summary>
internal static class OpCheck
{
    /// <summary>
    /// Runs the scenario on the device and on the reference. The outputs must be near, the inputs untouched, nothing written outside;
    /// the device arranged otherwise (threads, the order of warps) must give the same bits; and a warm call must allocate nothing.
    /// The guard is the floats before each operand: a multiple of 4 puts operands on 16 bytes.
    /// </summary>
    public static void Holds(string device, string label, Action<OpRun> scenario, int guard = OpRun.OffEveryAlignment)
    {
        using ReferenceOps reference = new(Devices.PrecisionOf(device));
        OpRun expected = new(reference, label) { Guard = guard };
        scenario(expected);

        using IOps ops = Devices.Create(device);
        OpRun actual = new(ops, label) { Guard = guard };
        scenario(actual);
        actual.AssertNear(expected);

        foreach (IOps twin in Devices.Twins(device))
            using (twin)
            {
                OpRun again = new(twin, label) { Guard = guard };
                scenario(again);
                again.AssertSameBits(actual);
                if (device.StartsWith("simulator", StringComparison.Ordinal)) continue;        // for study, not for speed: it allocates what it reports

                OpRun counted = new(twin, label) { CountAllocations = true, Guard = guard };
                scenario(counted);
                Assert.True(counted.Allocated == 0, $"{label}: {counted.Allocated} bytes allocated with {twin.Description}");
            }
    }

    /// <summary>
    /// Holds a gradient to central differences: dx[i] = d loss / d x[i] for every i, where <paramref name="loss"/> computes the loss anew.
    /// Only for the reference, whose numbers are double.
    /// </summary>
    public static void IsGradient(string name, Floats dx, Floats x, Func<double> loss)
    {
        const double Step = 1e-5;
        double[] slopes = new double[x.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            double before = ReferenceOps.Open(x)[i];
            ReferenceOps.Open(x)[i] = before + Step;
            double above = loss();
            ReferenceOps.Open(x)[i] = before - Step;
            double below = loss();
            ReferenceOps.Open(x)[i] = before;
            slopes[i] = (above - below) / (2 * Step);
        }
        Compare.Close<double, double>(name, slopes, ReferenceOps.Open(dx), atol: 1e-8, rtol: 1e-7);
    }

    /// <summary>The sum of dy[i] * y[i]: a loss whose gradient by y is dy.</summary>
    public static double Dot(Floats dy, Floats y)
    {
        double sum = 0;
        for (int i = 0; i < y.Length; i++) sum += ReferenceOps.Open(dy)[i] * ReferenceOps.Open(y)[i];
        return sum;
    }
}
