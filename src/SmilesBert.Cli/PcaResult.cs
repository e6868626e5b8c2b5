using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;
using SmilesBert.Data;
using SmilesBert.Weights;

namespace SmilesBert.Cli;

/// <summary>What pca found: where the molecules lie, and how well the classes of a column lie apart, on the components and in full width.</summary>
internal sealed class PcaResult
{
    private readonly string column;
    private readonly PcaInput input;
    private readonly PrincipalComponents found;
    private readonly ReportScores[] scores;     // of the components, and of the whole width

    public PcaResult(string column, PcaInput input, PrincipalComponents found, int threads, CancellationToken stop)
    {
        (this.column, this.input, this.found) = (column, input, found);
        LabelledPoints? points = Data.Task switch
        {
            TaskKind.SingleLabel => LabelledPoints.OfClasses(input.Vectors, input.Width, Data.Classes, Data.MoleculeKeys),
            TaskKind.MultiLabel => LabelledPoints.OfLabels(input.Vectors, input.Width, Data.Targets, Data.Labels.Count, Data.MoleculeKeys),
            _ => null,
        };
        double? share = found.ExplainedVarianceRatio[0].Value is null ? null : found.ExplainedVarianceRatio.Sum(static ratio => ratio.Value);
        scores =
        [
            new($"{found.Count} components", Data.Count, Figures(share, points?.In(found.Coordinates, found.Count))),
            new($"{input.Width} dimensions", Data.Count, Figures(share is null ? null : 1, points)),
        ];

        IReadOnlyList<Metric> Figures(double? explained, LabelledPoints? space) =>
        [
            new Metric("explained_variance", explained, found.ExplainedVarianceRatio[0].Undefined),
            .. space is null ? [] : Separability.Measure(space, threads, stop),
        ];
    }

    private Dataset Data => input.Data;

    private string NotMeasured => Data.Task == TaskKind.Regression ? $"'{column}' holds numbers, and only classes can lie apart" : "";

    /// <summary>Writes coordinates.csv, explained_variance.csv, pca.svg and pca.html, each whole or not at all.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        CsvFile.Write(Path.Combine(folder, "coordinates.csv"), Coordinates());
        CsvFile.Write(Path.Combine(folder, "explained_variance.csv"), Variance());
        ScatterContent picture = Picture();
        AtomicFile.WriteText(Path.Combine(folder, "pca.svg"), ScatterChart.Draw(picture));
        AtomicFile.WriteText(Path.Combine(folder, "pca.html"), Page(picture));
    }

    /// <summary>A table for people: a line a figure, a column a space.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-20}{scores[0].Heading,16}{scores[1].Heading,18}");
        for (int i = 0; i < scores[0].Metrics.Count; i++)
        {
            Metric[] pair = [.. scores.Select(column => column.Metrics[i])];
            text.AppendLine(CultureInfo.InvariantCulture, $"{pair[0].Label,-20}{Cell(pair[0]),16}{Cell(pair[1]),18}{Reason(pair)}");
        }
        if (NotMeasured.Length > 0) text.AppendLine(NotMeasured);
        return text.ToString();

        static string Cell(Metric metric) => metric.Value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "undefined";
        static string Reason(Metric[] pair) => pair.FirstOrDefault(static metric => metric.Undefined is not null).Undefined is string reason ? $"  {reason}" : "";
    }

    /// <summary>The same for programs, with the components' own shares.</summary>
    public JsonObject ToJson(string folder)
    {
        return new JsonObject
        {
            ["output"] = folder,
            ["molecules"] = Data.Count,
            ["width"] = input.Width,
            ["variance"] = new JsonArray([.. found.ExplainedVariance.Select(static value => JsonValue.Create(value))]),
            ["variance_ratio"] = new JsonArray([.. found.ExplainedVarianceRatio.Select(static ratio => (JsonNode?)ratio.Value)]),
            ["components"] = Figures(scores[0]),
            ["full_width"] = Figures(scores[1]),
        };

        static JsonObject Figures(ReportScores column)
        {
            JsonObject figures = [], undefined = [];
            foreach (Metric metric in column.Metrics)
            {
                figures[metric.Name] = metric.Value;
                if (metric.Undefined is not null) undefined[metric.Name] = metric.Undefined;
            }
            if (undefined.Count > 0) figures["undefined"] = undefined;
            return figures;
        }
    }

    private IEnumerable<IEnumerable<string>> Coordinates()
    {
        yield return ["row", "smiles", "label", .. Enumerable.Range(1, found.Count).Select(static k => $"pc{k}")];
        for (int i = 0; i < Data.Count; i++)
            yield return
            [
                Data.Rows[i].ToString(CultureInfo.InvariantCulture), Data.Smiles[i], Label(i),
                .. found.Coordinates[(i * found.Count)..((i + 1) * found.Count)].Select(static value => value.ToString("R", CultureInfo.InvariantCulture)),
            ];
    }

    private IEnumerable<IEnumerable<string>> Variance()
    {
        yield return ["component", "variance", "ratio"];
        for (int k = 0; k < found.Count; k++)
            yield return [$"pc{k + 1}", Number(found.ExplainedVariance[k]), found.ExplainedVarianceRatio[k].Value is double ratio ? Number(ratio) : ""];

        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    // A class, the labels of a set, or a number.
    private string Label(int row) => Data.Task switch
    {
        TaskKind.SingleLabel => Data.Labels[Data.Classes[row]],
        TaskKind.MultiLabel => string.Join(" | ", Labels(row).Select(k => Data.Labels[k])),
        _ => Data.Targets[row].ToString("R", CultureInfo.InvariantCulture),
    };

    private int[] Labels(int row) => Data.Task switch
    {
        TaskKind.SingleLabel => [Data.Classes[row]],
        TaskKind.MultiLabel => [.. Enumerable.Range(0, Data.Labels.Count).Where(k => Data.Targets[(row * Data.Labels.Count) + k] == 1f)],
        _ => [],
    };

    private ScatterContent Picture()
    {
        ChartPoint[] positions = [.. Enumerable.Range(0, Data.Count).Select(i => new ChartPoint(found.Coordinates[i * found.Count], found.Coordinates[(i * found.Count) + 1]))];
        bool isValue = Data.Task == TaskKind.Regression;
        return new ScatterContent
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"Principal components of {Data.Count:N0} molecules"),
            Legend = column,
            Classes = isValue ? [] : Data.Labels,
            ValueLabel = isValue ? column : null,
            Points = [.. Data.Smiles.Select((smiles, i) => new ScatterPoint(Labels(i), Smiles: smiles, Value: isValue ? Data.Targets[i] : double.NaN))],
            Panels = [ScatterPanel.OfComponents("", positions, Share(0), Share(1))],
        };

        double Share(int component) => found.ExplainedVarianceRatio[component].Value ?? 0;
    }

    private string Page(ScatterContent picture)
    {
        HtmlPage page = new(picture.Title);
        page.AddScatter(picture);
        page.AddHeading("How well classes lie apart");
        page.AddScores(scores);
        page.AddCaption(NotMeasured.Length > 0 ? NotMeasured
            : "Silhouette: from -1 to 1. knn: five nearest neighbours of other molecules. Probe: logistic regression fitted on four fifths of the molecules, "
            + "scored on the rest, five times. Majority rate: always naming the commonest class. Of labels, means over the labels, one against the rest.");
        return page.ToString();
    }
}
