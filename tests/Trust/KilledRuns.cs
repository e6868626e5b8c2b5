using System.Diagnostics;
using SmilesBert.Tests.Cli;

namespace SmilesBert.Tests.Trust;

/// <summary>
/// Kills a command again and again at moments that a seed decides, resumes it each time, and holds what it leaves to what the command leaves that
/// nobody kills.
/// </summary>
internal static class KilledRuns
{
    private const int Kills = 30;

    /// <param name="runs">Where it happens.</param>
    /// <param name="verb">finetune or pretrain.</param>
    /// <param name="epochs">How long it runs: so long that most kills meet it at work.</param>
    /// <param name="seed">Decides the moments.</param>
    public static void EndAsTheWholeOne(TinyRuns runs, string verb, int epochs, int seed)
    {
        Stopwatch clock = Stopwatch.StartNew();
        CommandRun.Of(runs.Command(verb, runs.At("whole"), epochs)).Succeeded();
        TimeSpan whole = clock.Elapsed;
        Dictionary<string, string> expected = FinishedFolder.Of(runs.At("whole"));
        FileInfo wholeHistory = new(runs.At("whole", "history.jsonl"));

        Random random = new(seed);
        int kills = 0, inASave = 0, resumed = 0, finished = 0;
        while (kills < Kills)
        {
            string output = runs.At($"run-{finished}");
            bool ended = false;
            while (!ended)
            {
                using CommandRun run = CommandRun.Start([.. runs.Command(verb, output, epochs), "--resume"]);
                ended = kills == Kills || !Kill(run, output);
                if (!ended)
                {
                    kills++;
                    if (HasUnfinished(output)) inASave++;
                }
                else
                {
                    run.End().Succeeded();
                }
                if (run.Error.Contains("resumed after step", StringComparison.Ordinal)) resumed++;
            }
            finished++;
            Assert.Equal(expected, FinishedFolder.Of(output));
        }
        Assert.True(resumed > 0, "no session began with a saved state");
        TestContext.Current.SendDiagnosticMessage(
            "{0}: {1} kills, {2} of them while a file was being written, {3} sessions resumed, {4} runs ended", verb, kills, inASave, resumed, finished);

        // At any time, when it has done so much, or in the middle of a write: were it time alone, most kills would meet a program that only begins.
        bool Kill(CommandRun run, string output)
        {
            string history = Path.Combine(output, "history.jsonl");
            long enough = Length(history) + (long)(random.NextDouble() * wholeHistory.Length / 6);
            TimeSpan most = whole * (0.2 + (0.5 * random.NextDouble()));
            bool inAWrite = random.Next(2) == 0;
            if (random.Next(3) == 0)
            {
                if (run.Ended(most)) return false;
            }
            else
            {
                Stopwatch waited = Stopwatch.StartNew();
                while (waited.Elapsed < 2 * whole && (Length(history) <= enough || (inAWrite && !HasUnfinished(output))))
                {
                    if (Length(history) <= enough) Thread.Sleep(1);     // a write is sooner over than a sleep
                    if (run.HasExited) return false;
                }
            }
            run.Kill();
            return true;
        }

        static bool HasUnfinished(string output) =>
            Directory.Exists(output) && Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Any(TinyRuns.IsUnfinished);

        static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
    }
}
