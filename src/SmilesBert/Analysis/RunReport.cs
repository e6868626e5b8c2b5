using System.Globalization;
using System.Text;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Analysis;

/// <summary>
/// A finished run as one HTML page that needs nothing else: no network, no scripts (its policy forbids both), pictures inside.
/// The same content gives the same bytes.
/// </summary>
public static class RunReport
{
    // Pictures are drawn on white, so that they look alike here and in a paper; on a dark page they lie on it like cards.
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --muted: #5c5c5c; --page: #ffffff; --line: #d8d8d8; --band: #f5f6f8; --warn: #fff4d6; --warn-line: #d39e00; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8e8e8; --muted: #a9a9a9; --page: #16181c; --line: #3a3d44; --band: #20232a; --warn: #332a10; --warn-line: #d39e00; }
        }
        body { font: 16px/1.5 "DejaVu Sans", Verdana, sans-serif; font-size: 15px; color: var(--ink); background: var(--page); max-width: 64rem; margin: 2rem auto; padding: 0 1.25rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 2.25rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
        h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
        p { margin: .4rem 0; max-width: 46rem; }
        .caption { color: var(--muted); font-size: .87rem; }
        .warnings { background: var(--warn); border-left: 4px solid var(--warn-line); padding: .6rem 1rem; margin: 1rem 0; }
        .warnings ul { margin: .2rem 0; padding-left: 1.1rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .87rem; margin: .6rem 0; }
        th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        th { color: var(--muted); font-weight: 600; }
        td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        td.reason { text-align: right; color: var(--muted); }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2.5rem; }
        .facts table { width: 100%; }
        .facts th { width: 40%; font-weight: normal; }
        figure { margin: .6rem 0; }
        figure svg { max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); border-radius: 4px; }
        """;

    /// <summary>The page.</summary>
    public static string Render(RunReportContent content)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Escape(content.Title)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>{Escape(content.Title)}</h1>
            <p>{Escape(content.Summary)}</p>

            """);
        AppendWarnings(html, content.Warnings);
        AppendScores(html, content.Scores);
        foreach (ReportFigure figure in content.Figures)
        {
            AppendHeading(html, figure.Heading, figure.Caption);
            html.Append("<figure class=\"scroll\">\n").Append(figure.Svg).Append("</figure>\n");
        }
        foreach (ReportTable table in content.Tables)
        {
            AppendHeading(html, table.Heading, table.Caption);
            AppendTable(html, table);
        }
        AppendFacts(html, content.Facts);
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendWarnings(StringBuilder html, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0) return;
        html.Append("<div class=\"warnings\"><strong>Before you read on</strong>\n<ul>\n");
        foreach (string warning in warnings) html.Append(CultureInfo.InvariantCulture, $"<li>{Escape(warning)}</li>\n");
        html.Append("</ul></div>\n");
    }

    private static void AppendScores(StringBuilder html, IReadOnlyList<ReportScores> columns)
    {
        if (columns.Count == 0) return;
        AppendHeading(html, "Metrics", "");
        html.Append("<div class=\"scroll\"><table>\n<tr><th></th>");
        foreach (ReportScores column in columns)
            html.Append(CultureInfo.InvariantCulture, $"<th class=\"number\">{Escape(column.Heading)}<br>{column.Rows:N0} rows</th>");
        html.Append("</tr>\n");
        foreach (string name in columns.SelectMany(column => column.Metrics).Select(metric => metric.Name).Distinct())
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Escape(new Metric(name, null, null).Label)}</th>");
            foreach (ReportScores column in columns) AppendScore(html, column.Metrics.FirstOrDefault(metric => metric.Name == name));
            html.Append("</tr>\n");
        }
        html.Append("</table></div>\n");
    }

    private static void AppendScore(StringBuilder html, Metric metric)
    {
        if (metric.Value is double value)
            html.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{value.ToString(Math.Abs(value) < 1000 ? "F4" : "G6", CultureInfo.InvariantCulture)}</td>");
        else
            html.Append(CultureInfo.InvariantCulture, $"<td class=\"reason\">{(metric.Undefined is null ? "" : "undefined: " + Escape(metric.Undefined))}</td>");
    }

    private static void AppendTable(StringBuilder html, ReportTable table)
    {
        bool[] numeric = [.. table.Columns.Select((_, at) => table.Rows.Count > 0 && table.Rows.All(row => IsNumber(row[at])))];
        html.Append("<div class=\"scroll\"><table>\n");
        AppendRow("th", table.Columns);
        foreach (IReadOnlyList<string> row in table.Rows) AppendRow("td", row);
        html.Append("</table></div>\n");

        void AppendRow(string cell, IReadOnlyList<string> texts)
        {
            html.Append("<tr>");
            for (int at = 0; at < texts.Count; at++)
                html.Append(CultureInfo.InvariantCulture, $"<{cell}{(numeric[at] ? " class=\"number\"" : "")}>{Escape(texts[at])}</{cell}>");
            html.Append("</tr>\n");
        }
    }

    private static void AppendFacts(StringBuilder html, IReadOnlyList<ReportFacts> blocks)
    {
        if (blocks.Count == 0) return;
        AppendHeading(html, "What was run", "");
        html.Append("<div class=\"facts\">\n");
        foreach (ReportFacts block in blocks)
        {
            html.Append(CultureInfo.InvariantCulture, $"<section><h3>{Escape(block.Heading)}</h3>\n<table>\n");
            foreach ((string name, string value) in block.Facts)
                html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Escape(name)}</th><td>{Escape(value)}</td></tr>\n");
            html.Append("</table></section>\n");
        }
        html.Append("</div>\n");
    }

    private static void AppendHeading(StringBuilder html, string heading, string caption)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h2>{Escape(heading)}</h2>\n");
        if (caption.Length > 0) html.Append(CultureInfo.InvariantCulture, $"<p class=\"caption\">{Escape(caption)}</p>\n");
    }

    private static bool IsNumber(string text) => text.Length == 0 || double.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out _);

    private static string Escape(string text) => SvgCanvas.Escape(text);
}
