using System.CommandLine;
using System.Text;

namespace SmilesBert.Cli;

/// <summary>The answer to --help: what a command does, how it is called, and its options in groups.</summary>
internal static class HelpPage
{
    private const int NameColumn = 2, TextColumn = 29, LeastWidth = 60, UsualWidth = 110;

    private static int Width => Console.IsOutputRedirected ? UsualWidth : Math.Clamp(Console.WindowWidth - 1, LeastWidth, UsualWidth);

    /// <summary>The text for a command, or for the program itself.</summary>
    public static string Of(Command command) => command is Verb verb ? OfVerb(verb) : OfProgram(command);

    private static string OfProgram(Command program)
    {
        StringBuilder page = new();
        page.AppendLine(program.Description).AppendLine();
        page.AppendLine($"  {program.Name} COMMAND [options]").AppendLine();
        page.AppendLine("Commands");
        foreach (Command command in program.Subcommands) Entry(page, command.Name, command.Description!);
        page.AppendLine().AppendLine("Options");
        Entry(page, "--help", "What a command does and what can be given to it: COMMAND --help");
        Entry(page, "--version", "The program's version");
        page.AppendLine();
        page.AppendLine("Results go to files and standard output, progress and messages to standard error.");
        page.Append("Exit code: 0 done, 1 failed, 2 wrong usage, 130 or 143 stopped by a signal.");
        return page.ToString();
    }

    private static string OfVerb(Verb verb)
    {
        StringBuilder page = new();
        Wrap(page, verb.Description!, indent: 0);
        page.AppendLine();
        IEnumerable<string> call =
        [
            "  smilesbert", verb.Name,
            .. verb.Arguments.Select(static argument => argument.Name),
            .. verb.Options.Where(static option => option.Required)
                .Select(static option => Shown(option) + (option.Arity.MaximumNumberOfValues > 1 ? "..." : "")),
            "[options]",
        ];
        page.AppendJoin(' ', call).AppendLine();
        if (verb.Arguments.Count > 0) page.AppendLine();
        foreach (Argument argument in verb.Arguments) Entry(page, argument.Name, argument.Description!);
        foreach (OptionGroup group in verb.Groups)
        {
            page.AppendLine().AppendLine(group.Heading);
            foreach (Option option in group.Options) Entry(page, Shown(option), option.Description!);
        }
        return page.ToString().TrimEnd();
    }

    private static string Shown(Option option) => option.HelpName is null ? option.Name : $"{option.Name} {option.HelpName}";

    // The name, and the text beside it, or below it where the name is long.
    private static void Entry(StringBuilder page, string name, string text)
    {
        page.Append(' ', NameColumn).Append(name);
        if (NameColumn + name.Length + 1 < TextColumn) page.Append(' ', TextColumn - NameColumn - name.Length);
        else page.AppendLine().Append(' ', TextColumn);
        Wrap(page, text, TextColumn);
    }

    private static void Wrap(StringBuilder page, string text, int indent)
    {
        int column = indent;
        foreach (string word in text.Split(' '))
        {
            if (column > indent && column + 1 + word.Length > Width)
            {
                page.AppendLine().Append(' ', indent);
                column = indent;
            }
            if (column > indent)
            {
                page.Append(' ');
                column++;
            }
            page.Append(word);
            column += word.Length;
        }
        page.AppendLine();
    }
}
