namespace SmilesBert.Analysis.Charts;

/// <summary>
/// Molecules as points, coloured by class or by value, in one panel or several side by side: what <see cref="ScatterChart"/> draws and what
/// <see cref="HtmlPage.AddScatter"/> makes explorable.
/// </summary>
public sealed record ScatterContent
{
    /// <summary>Over the picture.</summary>
    public required string Title { get; init; }

    /// <summary>What the classes are: "superclass". Heads the legend.</summary>
    public string Legend { get; init; } = "class";

    /// <summary>Their names. The legend sorts them by how many molecules have them and leaves out those that none has.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Where given, points are coloured by their value and not by class, beside a colour bar with this label.</summary>
    public string? ValueLabel { get; init; }

    /// <summary>The molecules.</summary>
    public required IReadOnlyList<ScatterPoint> Points { get; init; }

    /// <summary>One for each model: before and after finetuning.</summary>
    public required IReadOnlyList<ScatterPanel> Panels { get; init; }
}
