using System.CommandLine;
using System.CommandLine.Invocation;

namespace SmilesBert.Cli;

/// <summary>An option that is answered with a text, whatever else was given: --help, --version.</summary>
internal sealed class Answer(Func<ParseResult, string> text) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parsed)
    {
        Console.WriteLine(text(parsed));
        return 0;
    }
}
