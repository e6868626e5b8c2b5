using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Analysis;

/// <summary>
/// A report as one HTML page that needs nothing else: no network (its policy forbids it), pictures inside, no script but the one that makes
/// scatter plots explorable. Written from the top down; all text given is plain and escaped here. The same calls give the same bytes.
/// </summary>
public sealed class HtmlPage
{
    private readonly string _title;
    private readonly StringBuilder _body = new();
    private readonly List<(int Level, string Text)> _headings = [];
    private int _contentsAt = -1;
    private bool _hasScatter;

    /// <summary>A page with its title as its first heading.</summary>
    public HtmlPage(string title)
    {
        _title = title;
        _body.Append(CultureInfo.InvariantCulture, $"<h1>{Escape(title)}</h1>\n");
    }

    /// <summary>A list of links to the headings of levels 2 and 3, those that follow included.</summary>
    public void AddContents() => _contentsAt = _body.Length;

    /// <param name="text">Of the heading.</param>
    /// <param name="level">2 for a section, 3 or 4 for what it is made of.</param>
    public void AddHeading(string text, int level = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 4);
        _headings.Add((level, text));
        _body.Append(CultureInfo.InvariantCulture, $"<h{level} id=\"section-{_headings.Count}\">{Escape(text)}</h{level}>\n");
    }

    /// <summary>Running text.</summary>
    public void AddParagraph(string text) => _body.Append(CultureInfo.InvariantCulture, $"<p>{Escape(text)}</p>\n");

    /// <summary>What a reader needs beside a picture or table, in smaller type; nothing where it is empty.</summary>
    public void AddCaption(string text)
    {
        if (text.Length > 0) _body.Append(CultureInfo.InvariantCulture, $"<p class=\"caption\">{Escape(text)}</p>\n");
    }

    /// <summary>What the reader must know before believing the figures; nothing where there is none.</summary>
    public void AddWarnings(IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0) return;
        _body.Append("<div class=\"warnings\"><strong>Before you read on</strong>\n<ul>\n");
        foreach (string warning in warnings) _body.Append(CultureInfo.InvariantCulture, $"<li>{Escape(warning)}</li>\n");
        _body.Append("</ul></div>\n");
    }

    /// <summary>Metrics, a column for each part of the split or baseline, a row for each metric that any of them has.</summary>
    public void AddScores(IReadOnlyList<ReportScores> columns)
    {
        _body.Append("<div class=\"scroll\"><table>\n<tr><th></th>");
        foreach (ReportScores column in columns)
            _body.Append(CultureInfo.InvariantCulture, $"<th class=\"number\">{Escape(column.Heading)}<br>{column.Rows:N0} rows</th>");
        _body.Append("</tr>\n");
        foreach (string name in columns.SelectMany(column => column.Metrics).Select(metric => metric.Name).Distinct())
        {
            _body.Append(CultureInfo.InvariantCulture, $"<tr><th>{Escape(new Metric(name, null, null).Label)}</th>");
            foreach (ReportScores column in columns) AddScore(column.Metrics.FirstOrDefault(metric => metric.Name == name));
            _body.Append("</tr>\n");
        }
        _body.Append("</table></div>\n");
    }

    /// <param name="columns">Headings.</param>
    /// <param name="rows">Cells, as many as columns. A column of numbers is set to the right; long words (SMILES) are broken.</param>
    public void AddTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        bool[] numeric = [.. columns.Select((_, at) => rows.Count > 0 && rows.All(row => IsNumber(row[at])))];
        _body.Append("<div class=\"scroll\"><table>\n");
        AddRow("th", columns);
        foreach (IReadOnlyList<string> row in rows) AddRow("td", row);
        _body.Append("</table></div>\n");

        void AddRow(string cell, IReadOnlyList<string> texts)
        {
            _body.Append("<tr>");
            for (int at = 0; at < texts.Count; at++)
                _body.Append(CultureInfo.InvariantCulture, $"<{cell}{(numeric[at] ? " class=\"number\"" : "")}>{Escape(texts[at])}</{cell}>");
            _body.Append("</tr>\n");
        }
    }

    /// <summary>Blocks of names and values, beside each other where the page is wide enough.</summary>
    public void AddFacts(IReadOnlyList<ReportFacts> blocks)
    {
        _body.Append("<div class=\"facts\">\n");
        foreach (ReportFacts block in blocks)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<section><h3>{Escape(block.Heading)}</h3>\n<table>\n");
            foreach ((string name, string value) in block.Facts)
                _body.Append(CultureInfo.InvariantCulture, $"<tr><th>{Escape(name)}</th><td>{Escape(value)}</td></tr>\n");
            _body.Append("</table></section>\n");
        }
        _body.Append("</div>\n");
    }

    /// <summary>A picture as the charts draw it; it stands in the page as it is.</summary>
    public void AddSvg(string svg) => _body.Append("<figure class=\"scroll\">\n").Append(svg).Append("</figure>\n");

    /// <summary>
    /// A scatter plot to explore: the molecule under the pointer is named and marked in every panel, and classes are switched on and off by
    /// their legend's buttons. Without scripts it is still the picture, with its legend. A page may hold several.
    /// </summary>
    /// <exception cref="InputException">A molecule's coordinates are not finite.</exception>
    public void AddScatter(ScatterContent content)
    {
        InteractiveScatter.Append(_body, content);
        _hasScatter = true;
    }

    /// <summary>The whole page.</summary>
    public override string ToString()
    {
        string script = _hasScatter ? Resource("scatter.js") : "";
        // Only this very script may run, whatever the page's texts hold.
        string policy = _hasScatter ? $"; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'" : "";
        string body = _contentsAt < 0 ? _body.ToString() : _body.ToString().Insert(_contentsAt, Contents());
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Escape(_title)}</title>
            <style>
            {Resource("page.css")}</style>
            </head>
            <body>
            {body}{(_hasScatter ? $"<script>{script}</script>\n" : "")}</body>
            </html>

            """;
    }

    private string Contents()
    {
        StringBuilder list = new("<nav class=\"contents\" aria-label=\"Contents\"><ul>\n");
        for (int i = 0; i < _headings.Count; i++)
        {
            if (_headings[i].Level > 3) continue;
            string sub = _headings[i].Level == 3 ? " class=\"sub\"" : "";
            list.Append(CultureInfo.InvariantCulture, $"<li{sub}><a href=\"#section-{i + 1}\">{Escape(_headings[i].Text)}</a></li>\n");
        }
        return list.Append("</ul></nav>\n").ToString();
    }

    private void AddScore(Metric metric)
    {
        if (metric.Value is double value)
        {
            string text = value.ToString(Math.Abs(value) < 1000 ? "F4" : "G6", CultureInfo.InvariantCulture);
            _body.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{text}</td>");
        }
        else
        {
            string reason = metric.Undefined is null ? "" : "undefined: " + Escape(metric.Undefined);
            _body.Append(CultureInfo.InvariantCulture, $"<td class=\"reason\">{reason}</td>");
        }
    }

    private static bool IsNumber(string text) => text.Length == 0 || double.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out _);

    private static string Escape(string text) => SvgCanvas.Escape(text);

    // A file beside this one, which travels inside the assembly.
    private static string Resource(string name)
    {
        using StreamReader reader = new(typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
