using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>One of a scatter plot's panels: the same molecules, placed by one model.</summary>
/// <param name="Title">Over the panel ("before finetuning"); empty for none.</param>
/// <param name="XLabel">Under the x axis.</param>
/// <param name="YLabel">Beside the y axis.</param>
/// <param name="Positions">Where each of <see cref="ScatterContent.Points"/> stands, in their order; finite.</param>
public sealed record ScatterPanel(string Title, string XLabel, string YLabel, IReadOnlyList<ChartPoint> Positions)
{
    /// <summary>The panel of two principal components.</summary>
    /// <param name="title">Over the panel; empty for none.</param>
    /// <param name="positions">Coordinates on the two components.</param>
    /// <param name="first">Share of the variance that the first explains, from 0 to 1.</param>
    /// <param name="second">That of the second.</param>
    public static ScatterPanel OfComponents(string title, IReadOnlyList<ChartPoint> positions, double first, double second) =>
        new(title, Component(1, first), Component(2, second), positions);

    private static string Component(int number, double share) => string.Create(CultureInfo.InvariantCulture, $"PC {number} ({100 * share:0.0} %)");
}
