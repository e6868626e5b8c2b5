using System.CommandLine;

namespace SmilesBert.Cli;

/// <summary>Options that belong together, under the heading that the help gives them.</summary>
internal sealed record OptionGroup(string Heading, params Option[] Options);

/// <summary>A command of the program, with its options in groups as its help prints them.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description, params OptionGroup[] groups)
        : base(name, description)
    {
        Groups = groups;
        foreach (Option option in groups.SelectMany(static group => group.Options)) Options.Add(option);
    }

    public IReadOnlyList<OptionGroup> Groups { get; }

    /// <summary>
    /// What is true when a signal has stopped the command at its next good place, as the end of "stopped: ...".
    /// Null: a signal ends the command as it ends any program.
    /// </summary>
    public string? WhenStopped { get; init; }
}
