using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SmilesBert.Tests.Hostile;

/// <summary>
/// Tries case after case of a format until its time is over, and some hundreds at least. Case i is the same on every machine and in every run: a failure names it,
/// and <c>SMILESBERT_FUZZ_FIRST=i</c> begins with it. <c>SMILESBERT_FUZZ_SECONDS</c> is the time a format gets, times its
/// <see cref="HostileFormat.Share"/>.
/// </summary>
internal sealed class Campaign(HostileFormat format, string folder)
{
    private const double UsualSeconds = 1;
    private const int LeastCases = 300;                           // whatever the time: enough to tell a reader that refuses all, or nothing
    private const int StackBytes = 512 << 10;                     // less than threads have: recursion without bounds shows early
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly string path = Path.Combine(folder, format.FileName);
    private readonly Random choice = new();
    private long current;
    private Effort? effort;                                       // of the case under way
    private Exception? failure;

    public int Cases { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Runs the cases; the first that breaks the rule ends it with a failure that says which and how.</summary>
    public void Run()
    {
        double seconds = Setting("SMILESBERT_FUZZ_SECONDS") * format.Share ?? UsualSeconds;
        long first = (long)(Setting("SMILESBERT_FUZZ_FIRST") ?? 0);
        Thread thread = new(TryAll, StackBytes) { IsBackground = true };
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(0.5)))
        {
            if (Volatile.Read(ref effort)?.SoFar > 3 * Longest)
                Assert.Fail($"{format.Name}: case {Volatile.Read(ref current)} has not ended after {3 * Longest.TotalSeconds} seconds; its file: {Kept()}");
        }
        if (failure is not null) Assert.Fail($"{format.Name}: case {current}: {failure.Message}\nits file: {Kept()}\n{failure}");

        void TryAll()
        {
            Stopwatch watch = Stopwatch.StartNew();
            for (long number = first; failure is null && (watch.Elapsed.TotalSeconds < seconds || number < first + LeastCases); number++) Try(number);
        }
    }

    private void Try(long number)
    {
        Volatile.Write(ref current, number);
        Volatile.Write(ref effort, Effort.Begin());
        try
        {
            // Seeded by the case's number alone, so that it can be tried again without those before it.
            Random random = new(HashCode(format.Name, number));
            byte[] bytes = format.Seeds[random.Next(format.Seeds.Length)];
            for (int changes = random.Next(1, 5); changes > 0; changes--) bytes = format.Mutations[random.Next(format.Mutations.Length)](bytes, random);
            File.Delete(path);                                    // a file written over itself is flushed first on some file systems
            File.WriteAllBytes(path, bytes);
            if (!Trial.Passes(format, path, bytes, Longest)) Refused++;
            Cases++;
        }
        catch (Exception e)
        {
            failure = e;
        }
        Volatile.Write(ref effort, null);
    }

    private string Kept()
    {
        string kept = Path.Combine(Path.GetTempPath(), $"smilesbert-hostile-{choice.Next():x}-{Path.GetFileName(format.FileName)}");
        File.Copy(path, kept);
        return kept;
    }

    private static double? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    // Not GetHashCode, which differs from run to run.
    private static int HashCode(string name, long number)
    {
        ulong hash = (ulong)number * 0x9E37_79B9_7F4A_7C15;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 0x100_0000_01B3;
        return (int)(hash >> 32);
    }
}
