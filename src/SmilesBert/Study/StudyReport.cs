using System.Globalization;
using System.Text;
using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;
using SmilesBert.Data;
using SmilesBert.Weights;

namespace SmilesBert.Study;

/// <summary>What a study leaves to look at: report.html, each picture as its own .svg, summary.csv and study.json.</summary>
internal sealed class StudyReport(StudyOptions options, IReadOnlyList<FormResult> forms, IReadOnlyList<string> findings)
{
    // As a finetuning leaves them; which there are depends on the task.
    private static readonly string[] RunPictures = ["curves.svg", "confusion.svg", "classes.svg", "labels.svg"];

    private static readonly (string Name, string Label)[] Measures =
    [
        ("silhouette", "silhouette"), ("knn_accuracy", "5-nearest-neighbour accuracy"), ("probe_accuracy", "linear probe accuracy"),
        ("majority_rate", "commonest class always"),
    ];

    /// <summary>Writes all of them; study.json last, for it says that the study has ended.</summary>
    public void Write()
    {
        foreach (FormResult form in forms)
        {
            AtomicFile.WriteText(File($"{form.Form.Name}.svg"), ScatterChart.Draw(form.Picture));
            AtomicFile.WriteText(File($"{form.Form.Name}-separation.svg"), Separation(form));
            AtomicFile.WriteText(File(form.Form.Name, "coordinates.csv"), Coordinates(form.Picture));
        }
        if (Splits() is { } splits) AtomicFile.WriteText(File("splits.svg"), splits);
        AtomicFile.WriteText(File("summary.csv"), Summary());
        AtomicFile.WriteText(File("report.html"), Page().ToString());
        AtomicFile.WriteText(File("study.json"), ReadableJson.Text(StudyJson.Of(options, forms, findings)));
    }

    private string File(params string[] parts) => Path.Combine([options.Output, .. parts]);

    private HtmlPage Page()
    {
        LabelledTable table = options.Table;
        HtmlPage page = new($"{table.Family} of {Path.GetFileName(Path.TrimEndingDirectorySeparator(table.Source))}, before and after finetuning");
        page.AddHeading("What the figures support");
        foreach (string finding in findings) page.AddParagraph(finding);
        if (Splits() is { } splits) page.AddSvg(splits);
        page.AddContents();
        foreach (FormResult form in forms) AddForm(page, form);
        AddData(page);
        page.AddHeading("What was run");
        page.AddFacts(Facts());
        return page;
    }

    private void AddForm(HtmlPage page, FormResult form)
    {
        page.AddHeading(form.Form.Title);
        page.AddCaption(form.Form.Pairs
            ? Text($"A row for each pair of molecule and label ({form.Data.Count:N0} rows), dealt out as they come: a molecule may be trained on and tested on.")
            : Text($"A row for each molecule ({form.Data.Count:N0} rows); all rows that are one molecule, whatever their stereo marks, are on one side."));

        page.AddHeading("Principal components", level: 3);
        page.AddCaption("Components of the training molecules' vectors; molecules that training has not seen are placed on the same components. Seed "
            + options.Training.Seed.ToString(CultureInfo.InvariantCulture) + " of those studied.");
        page.AddScatter(form.Picture);

        page.AddHeading("How far the classes lie apart", level: 3);
        page.AddCaption("Of the test part, mean and standard deviation over the seeds. Neighbours, probe and components are those of the rows trained on. "
            + (form.Data.Task == TaskKind.MultiLabel ? "Means over the labels, each against the rest." : "The classes as they are."));
        page.AddSvg(Separation(form));
        page.AddTable(
            ["", "two components, before", "after", "full width, before", "after"],
            [.. Measures.Select(measure => (IReadOnlyList<string>)[measure.Label, .. Spreads(form, measure.Name).Select(static spread => spread.Text)])]);

        page.AddHeading("The finetuned model on the test part", level: 3);
        string[] names = [.. form.Seeds.SelectMany(static seed => seed.Test).Select(static metric => metric.Name).Distinct()];
        page.AddTable(
            ["", .. form.Seeds.Select(static seed => Text($"seed {seed.Seed}")), "mean ± deviation"],
            [
                .. names.Select(name => (IReadOnlyList<string>)[
                    new Metric(name, null, null).Label, .. form.Seeds.Select(seed => Cell(seed.Test, name)),
                    Spread.Of(form.Seeds.Select(static seed => seed.Test), name).Text]),
                ["test molecules seen in training", .. form.Seeds.Select(static seed => Text($"{seed.SeenShare:0.000}")),
                    new Spread([.. form.Seeds.Select(static seed => seed.SeenShare)], null).Text],
            ]);
        page.AddCaption(Text($"The pictures are of seed {form.Seeds[0].Seed}; {Path.GetFileName(form.RunFolder)}/report.html has more, and each seed has its own."));
        foreach (string picture in RunPictures)
        {
            string path = Path.Combine(form.RunFolder, picture);
            if (System.IO.File.Exists(path)) page.AddSvg(System.IO.File.ReadAllText(path));
        }
    }

    /// <summary>The measures in full width before and after, a dot for each seed.</summary>
    private static string Separation(FormResult form)
    {
        SeedRow[] rows =
        [
            .. Measures.Select(measure => new SeedRow(measure.Label,
            [
                Spread.Of(form.Seeds.Select(static seed => seed.Before.Full), measure.Name).Values,
                Spread.Of(form.Seeds.Select(static seed => seed.After.Full), measure.Name).Values,
            ])),
        ];
        return SeedChart.Draw($"{form.Form.Title}: test part, full width", "", ["before finetuning", "after finetuning"], rows);
    }

    /// <summary>The finetuned models' figures by molecule and by row; null where the two are not of one task.</summary>
    private string? Splits()
    {
        if (forms.Select(static form => form.Data.Task).Distinct().Count() > 1) return null;
        string[] names = forms[0].Data.Task == TaskKind.SingleLabel ? ["accuracy", "macro_f1", "mcc", "majority_rate"] : ["macro_roc_auc", "macro_pr_auc", "micro_f1"];
        SeedRow[] rows =
        [
            .. names.Select(name => new SeedRow(
                new Metric(name, null, null).Label, [.. forms.Select(form => Spread.Of(form.Seeds.Select(static seed => seed.Test), name).Values)])),
        ];
        return SeedChart.Draw("The finetuned models on their test parts", "", [.. forms.Select(static form => form.Form.Title.ToLowerInvariant())], rows);
    }

    private void AddData(HtmlPage page)
    {
        LabelledTable table = options.Table;
        page.AddHeading("The molecules");
        page.AddParagraph(Text($"{table.Molecules.Count:N0} molecules of {table.Source} have a {table.Family} label that is studied."));
        page.AddTable([table.Family, "molecules"], [.. table.Counts.Select(static count => (IReadOnlyList<string>)[count.Key, Text($"{count.Value}")])]);
        if (table.Dropped.Count > 0)
        {
            page.AddHeading("What was left out, and why", level: 3);
            page.AddTable(
                ["reason", "count", "such as"],
                [.. table.Dropped.Select(static dropped => (IReadOnlyList<string>)[dropped.Reason, Text($"{dropped.Count}"), string.Join("; ", dropped.Examples)])]);
        }
        foreach (string note in table.Notes) page.AddParagraph(note + ".");
    }

    private IReadOnlyList<ReportFacts> Facts() =>
    [
        new("Study",
        [
            ("version", ProgramVersion.Text), ("model", options.Model), ("vectors", options.Pooling == Training.Pooling.Cls ? "first token's last hidden state" : "mean over all tokens"),
            ("seeds", string.Join(", ", forms[0].Seeds.Select(static seed => Text($"{seed.Seed}")))),
        ]),
        new("Finetuning",
        [
            ("epochs", Text($"{options.Training.Epochs}")), ("batch", Text($"{options.Training.BatchSize}")),
            ("learning rate", Text($"{options.Training.LearningRate:0.######e0}")), ("weight decay", Text($"{options.Training.WeightDecay}")),
            ("kept", "the epoch with the best validation score"),
        ]),
        .. forms.Select(static form => new ReportFacts(form.Form.Title, [.. form.Seeds.Select(static seed => (Text($"seed {seed.Seed}"), seed.SplitDescription))])),
    ];

    /// <summary>Long form: a line for each figure.</summary>
    private string Summary()
    {
        StringBuilder csv = new("form,seed,of,space,measure,value\n");
        foreach (FormResult form in forms)
            foreach (SeedOutcome seed in form.Seeds)
            {
                Lines(form, seed, "test", "", seed.Test);
                Lines(form, seed, "before", "two components", seed.Before.Plane);
                Lines(form, seed, "before", "full width", seed.Before.Full);
                Lines(form, seed, "after", "two components", seed.After.Plane);
                Lines(form, seed, "after", "full width", seed.After.Full);
                Lines(form, seed, "split", "", [new Metric("test_molecules_in_training", seed.SeenShare, null)]);
            }
        return csv.ToString();

        void Lines(FormResult form, SeedOutcome seed, string of, string space, IReadOnlyList<Metric> metrics)
        {
            foreach (Metric metric in metrics)
                csv.Append(CultureInfo.InvariantCulture, $"{form.Form.Name},{seed.Seed},{of},{space},{metric.Name},{metric.Value:R}\n");
        }
    }

    // A SMILES holds neither comma nor quote; names stay in table.csv.
    private static string Coordinates(ScatterContent picture)
    {
        StringBuilder csv = new("smiles,part,before_pc1,before_pc2,after_pc1,after_pc2\n");
        for (int i = 0; i < picture.Points.Count; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{picture.Points[i].Smiles},{(picture.Points[i].HeldOut ? "held-out" : "training")}");
            foreach (ScatterPanel panel in picture.Panels) csv.Append(CultureInfo.InvariantCulture, $",{panel.Positions[i].X:R},{panel.Positions[i].Y:R}");
            csv.Append('\n');
        }
        return csv.ToString();
    }

    private static IEnumerable<Spread> Spreads(FormResult form, string name) =>
    [
        Spread.Of(form.Seeds.Select(static seed => seed.Before.Plane), name), Spread.Of(form.Seeds.Select(static seed => seed.After.Plane), name),
        Spread.Of(form.Seeds.Select(static seed => seed.Before.Full), name), Spread.Of(form.Seeds.Select(static seed => seed.After.Full), name),
    ];

    private static string Cell(IReadOnlyList<Metric> metrics, string name) =>
        metrics.FirstOrDefault(metric => metric.Name == name).Value is { } value ? Text($"{value:0.000}") : "undefined";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
