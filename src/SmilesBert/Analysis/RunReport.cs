namespace SmilesBert.Analysis;

/// <summary>A finished run as an <see cref="HtmlPage"/>: result, warnings, metrics, pictures, mistakes, and what was run.</summary>
public static class RunReport
{
    /// <summary>The page.</summary>
    public static string Render(RunReportContent content)
    {
        HtmlPage page = new(content.Title);
        page.AddParagraph(content.Summary);
        page.AddWarnings(content.Warnings);
        if (content.Scores.Count > 0)
        {
            page.AddHeading("Metrics");
            page.AddScores(content.Scores);
        }
        foreach (ReportFigure figure in content.Figures)
        {
            page.AddHeading(figure.Heading);
            page.AddCaption(figure.Caption);
            page.AddSvg(figure.Svg);
        }
        foreach (ReportTable table in content.Tables)
        {
            page.AddHeading(table.Heading);
            page.AddCaption(table.Caption);
            page.AddTable(table.Columns, table.Rows);
        }
        if (content.Facts.Count > 0)
        {
            page.AddHeading("What was run");
            page.AddFacts(content.Facts);
        }
        return page.ToString();
    }
}
