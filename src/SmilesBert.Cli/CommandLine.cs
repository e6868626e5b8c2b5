using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using SmilesBert.Gpu;

namespace SmilesBert.Cli;

/// <summary>
/// From arguments to an exit code: 0 done, 1 failed (one sentence on stderr), 2 wrong usage, 130 or 143 stopped by a signal after saving.
/// </summary>
internal static class CommandLine
{
    private const int Done = 0, Failed = 1, Usage = 2, Interrupted = 130, Terminated = 143;

    /// <summary>Runs one command.</summary>
    public static int Run(string[] arguments)
    {
        Console.SetError(new LogWriter(Console.Error));
        Command program = new("smilesbert", "A BERT for SMILES: pretrain it, finetune it on molecules, measure it, use it.")
        {
            DemoCommand.Create(), StudyCommand.Create(), FinetuneCommand.Create(), PretrainCommand.Create(), EvaluateCommand.Create(), PredictCommand.Create(),
            EmbedCommand.Create(), PcaCommand.Create(),
            DownloadCommand.Create(), InspectCommand.Create(), DevicesCommand.Create(), BenchCommand.Create(), KernelsCommand.Create(),
            new HelpOption { Action = new Answer(static parsed => HelpPage.Of(parsed.CommandResult.Command)) },
            new VersionOption { Action = new Answer(static _ => ProgramVersion.Text) },
        };
        // A value that begins with @ is a value, not a file of more arguments.
        ParseResult parsed = program.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count > 0 ? Refuse(parsed, program) : Run(parsed);
    }

    private static int Run(ParseResult parsed)
    {
        string? whenStopped = (parsed.CommandResult.Command as Verb)?.WhenStopped;
        using CancellationTokenSource stop = new();
        int signalled = Done;
        using PosixSignalRegistration? interrupt = Register(PosixSignal.SIGINT, Interrupted), terminate = Register(PosixSignal.SIGTERM, Terminated);
        try
        {
            InvocationConfiguration ours = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(ours, stop.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (signalled != Done)
        {
            Console.Error.WriteLine($"stopped: {whenStopped}");
            return signalled;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"error: {OneLine(Sentence(error))}");
            return Failed;
        }

        // The first signal asks the command to finish its step and save; the second ends the program at once.
        PosixSignalRegistration? Register(PosixSignal signal, int code)
        {
            if (whenStopped is null) return null;
            return PosixSignalRegistration.Create(signal, context =>
            {
                if (signalled != Done) return;
                signalled = code;
                context.Cancel = true;
                Console.Error.WriteLine($"{(Console.IsErrorRedirected ? "" : "\n")}stopping; a second signal stops at once");
                stop.Cancel();
            });
        }
    }

    private static int Refuse(ParseResult parsed, Command program)
    {
        if (parsed.CommandResult.Command is Verb verb)
        {
            foreach (string message in parsed.Errors.Select(static error => error.Message).Distinct()) Console.Error.WriteLine(OneLine(message));
            Console.Error.WriteLine($"'{program.Name} {verb.Name} --help' lists what can be given");
        }
        else
        {
            string what = parsed.UnmatchedTokens.Count > 0 ? $"there is no command '{OneLine(parsed.UnmatchedTokens[0])}'" : "a command is missing";
            Console.Error.WriteLine($"{what}: expected one of {string.Join(", ", program.Subcommands.Select(static command => command.Name))}");
            Console.Error.WriteLine($"'{program.Name} --help' says what they do");
        }
        return Usage;
    }

    // Errors of the input and of the machine are sentences already; whatever else comes up is a defect of ours, and its place helps to mend it.
    private static string Sentence(Exception error) => error switch
    {
        InputException or DeviceException or IOException or UnauthorizedAccessException => error.Message,
        OutOfMemoryException => "the machine has too little memory for this; a smaller --batch-size or --max-tokens needs less",
        _ => $"a defect of the program, please report it: {error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n')[0].Trim()}",
    };

    // A text from a file may hold line breaks, or characters that would steer a terminal.
    private static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
}
