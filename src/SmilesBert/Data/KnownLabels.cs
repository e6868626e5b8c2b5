using System.Text.RegularExpressions;

namespace SmilesBert.Data;

/// <summary>What a finished model already predicts: its task and its labels, in the order of its outputs.</summary>
public sealed partial record KnownLabels(TaskKind Task, IReadOnlyList<string> Labels)
{
    /// <summary>Whether the labels are the placeholders LABEL_0, LABEL_1, ... of a model that was never given names.</summary>
    internal bool AreNumbered => Labels.All(label => Placeholder().IsMatch(label));

    [GeneratedRegex("^LABEL_[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
