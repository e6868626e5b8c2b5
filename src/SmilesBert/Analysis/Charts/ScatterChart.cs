namespace SmilesBert.Analysis.Charts;

/// <summary>
/// Molecules as points coloured by class, as a paper shows them: one panel or several side by side with a legend for all. The commonest
/// classes have a colour of their own, beyond seven with a shape too; rarer ones lie on top, so that none is hidden.
/// </summary>
public static class ScatterChart
{
    /// <summary>An SVG.</summary>
    /// <exception cref="InputException">A molecule's coordinates are not finite.</exception>
    public static string Draw(ScatterContent content)
    {
        ScatterPlots plots = new(content);
        ScatterLegend legend = new(content, plots);
        SvgCanvas canvas = new(plots.Right + legend.Width, Math.Max(plots.Bottom, plots.Top + legend.Height), content.Title);
        plots.Draw(canvas, everyLabel: false);
        legend.Draw(canvas, plots.Right, plots.Top + 6);
        return canvas.ToString();
    }
}
