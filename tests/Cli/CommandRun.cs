using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SmilesBert.Tests.Cli;

/// <summary>The built program in a process of its own, as its users run it.</summary>
internal sealed class CommandRun : IDisposable
{
    public const int SigInt = 2, SigTerm = 15;

    // A machine that builds and tests at once may need long for what takes a second.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly StringBuilder error = new();
    private readonly TaskCompletionSource errorEnded = new();

    private CommandRun(string[] arguments, string? workingFolder = null, params (string Name, string Value)[] environment)
    {
        string? host = Environment.ProcessPath;
        ProcessStartInfo start = new(Path.GetFileNameWithoutExtension(host) == "dotnet" ? host! : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingFolder ?? "",
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SmilesBert.Cli.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) errorEnded.TrySetResult();
            else lock (error) error.Append(line.Data).Append('\n');
        };
        process.BeginErrorReadLine();
    }

    public StreamWriter Input => process.StandardInput;

    public bool HasExited => process.HasExited;

    /// <summary>What stood on standard error so far.</summary>
    public string Error
    {
        get { lock (error) return error.ToString(); }
    }

    /// <summary>Runs a command to its end.</summary>
    public static Finished Of(params string[] arguments) => Of([], arguments);

    /// <summary>Runs a command to its end, with bytes on its standard input.</summary>
    public static Finished Of(byte[] input, string[] arguments)
    {
        using CommandRun run = new(arguments);
        try
        {
            run.Input.BaseStream.Write(input);
            run.Input.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it; its answer is what counts.
        }
        return run.End();
    }

    /// <summary>Runs a command to its end in a folder of its own, within a time.</summary>
    public static Finished In(string workingFolder, TimeSpan within, string[] arguments)
    {
        using CommandRun run = new(arguments, workingFolder);
        run.Input.Close();
        return run.End(within);
    }

    /// <summary>Starts a command; its standard input stays open.</summary>
    public static CommandRun Start(params string[] arguments) => new(arguments);

    /// <summary>Starts a command with some variables of its environment set.</summary>
    public static CommandRun StartIn((string Name, string Value)[] environment, params string[] arguments) => new(arguments, workingFolder: null, environment);

    /// <summary>Starts a command that may take no more memory for its objects than so many bytes.</summary>
    public static CommandRun StartWithin(long heapBytes, params string[] arguments) => new(arguments, workingFolder: null, ("DOTNET_GCHeapHardLimit", $"0x{heapBytes:X}"));

    /// <summary>Sends a signal as kill(1) does; the test is skipped where the program was started deaf to it.</summary>
    public void Signal(int number)
    {
        Assert.SkipWhen(Ignores(number), $"signal {number} is ignored here, as in all that a shell starts in the background");
        Assert.Equal(0, Kill(process.Id, number));
    }

    private bool Ignores(int signal)
    {
        string status = $"/proc/{process.Id}/status";
        if (!File.Exists(status)) return false;
        string? mask = File.ReadLines(status).FirstOrDefault(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return mask is not null && ((Convert.ToUInt64(mask[7..].Trim(), 16) >> (signal - 1)) & 1) == 1;
    }

    /// <summary>Ends it as SIGKILL does: it is told nothing.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Whether it ended by itself within a time.</summary>
    public bool Ended(TimeSpan within) => process.WaitForExit(within);

    /// <summary>The most memory that it held at once so far, in bytes; 0 when it has ended.</summary>
    public long PeakMemory()
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Waits until something is so.</summary>
    public void WaitFor(Func<bool> isSo, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.False(HasExited, $"the program ended before {what}: {Error}");
            Assert.True(clock.Elapsed < Limit, $"waited {Limit.TotalSeconds} s for {what}: {Error}");
            Thread.Sleep(5);
        }
    }

    /// <summary>Whether it does nothing for half a second: it waits for input.</summary>
    public bool IsIdle()
    {
        process.Refresh();
        TimeSpan used = process.TotalProcessorTime;
        Thread.Sleep(500);
        process.Refresh();
        return process.TotalProcessorTime - used < TimeSpan.FromMilliseconds(5);
    }

    /// <summary>Waits for the end.</summary>
    public Finished End() => End(Limit);

    /// <summary>Waits for the end, which must come within a time.</summary>
    public Finished End(TimeSpan within)
    {
        Assert.True(process.WaitForExit(within), $"the program did not end within {within.TotalSeconds} s: {Error}");
        Task.WaitAll([output, errorEnded.Task], within);
        return new Finished(process.ExitCode, output.Result, Error);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
