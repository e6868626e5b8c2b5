using System.CommandLine;
using System.Runtime.InteropServices;

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
        RootCommand root = new("A BERT for SMILES: finetune, evaluate and use it.")
        {
            FinetuneCommand.Create(), EvaluateCommand.Create(), PredictCommand.Create(), EmbedCommand.Create(), InspectCommand.Create(), DevicesCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(static error => error.Message).Distinct()) Console.Error.WriteLine(message);
            Console.Error.WriteLine("--help lists what can be given");
            return Usage;
        }

        using CancellationTokenSource stop = new();
        int signalled = Done;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Signal(context, Interrupted));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Signal(context, Terminated));
        try
        {
            return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token)
                .GetAwaiter().GetResult();
        }
        catch (InputException error)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }
        catch (OperationCanceledException) when (signalled != Done)
        {
            return signalled;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }

        // The first signal asks the command to finish its step and save; the second ends the program at once.
        void Signal(PosixSignalContext context, int code)
        {
            if (signalled != Done) return;
            signalled = code;
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
