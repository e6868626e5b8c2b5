using System.CommandLine;
using SmilesBert.Benchmarking;
using SmilesBert.Ops;

namespace SmilesBert.Cli;

/// <summary>bench: what the user's own device does, beside what it could do at most.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        Option<string> device = SharedOptions.Device();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("the table");
        Verb command = new(
            "bench", "Time every operation and whole training steps on a device, beside the floors; about a minute.",
            new OptionGroup("Options", device, precision, threads, json))
        {
            WhenStopped = "no table was made",
        };
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            using IOps ops = DeviceChoice.Open(given.GetValue(device)!, given.GetValue(threads), given.GetValue(precision));
            ProgressLine line = new();
            line.Write($"{ProgramVersion.Text}; {ops.Description}");
            line.Show("warming up");
            BenchmarkResult result = DeviceBenchmark.Run(ops, given.GetValue(threads), Progress, stop);
            line.Clear();
            if (given.GetValue(json)) ResultJson.Print(result.ToJson());
            else Console.Write(BenchmarkTable.Text(result));
            return 0;

            void Progress(string text)
            {
                if (line.IsDue) line.Show(text);
            }
        }
    }
}
