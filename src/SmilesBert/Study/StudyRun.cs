using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;
using SmilesBert.Data;
using SmilesBert.Ops;
using SmilesBert.Training;

namespace SmilesBert.Study;

/// <summary>
/// The study: embed molecules with a pretrained model, look at them by their labels through PCA, finetune on part of them, look again at those held
/// out; with the split by molecule, and beside it the split by row of the study that the project began with, each over several seeds.
/// </summary>
public sealed class StudyRun
{
    private readonly StudyOptions options;
    private readonly Func<IOps> openDevice;
    private readonly int threads;
    private readonly ITrainingLog log;

    /// <param name="options">What is asked for.</param>
    /// <param name="openDevice">Gives the device; each finetuning takes and returns its memory whole.</param>
    /// <param name="threads">Threads of what runs on the host.</param>
    /// <param name="log">Who is told how it goes.</param>
    public StudyRun(StudyOptions options, Func<IOps> openDevice, int threads, ITrainingLog log)
    {
        this.options = options;
        this.openDevice = openDevice;
        this.threads = threads;
        this.log = log;
    }

    /// <summary>Runs it to the end; the folder then holds the report, its pictures and tables, and every finetuned model.</summary>
    /// <returns>What the figures support, in sentences.</returns>
    /// <exception cref="InputException">Something given cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Stopped; a finetuning under way was saved, and the study can be resumed.</exception>
    public IReadOnlyList<string> Run(CancellationToken stop)
    {
        if (!options.Resume) StudyFolder.RequireFree(options.Output);

        string[] molecules = [.. options.Table.Molecules.Select(static molecule => molecule.Smiles)];
        log.Message(Text($"embedding {molecules.Length:N0} molecules with {options.Model}"));
        MoleculeVectors before = Embed(options.Model, molecules, stop);
        using StudyFolder folder = StudyFolder.Open(options.Output, Identity(before), options.Resume);
        StudyForm[] forms = options.ByRow ? [StudyForm.ByMolecule, StudyForm.ByRow] : [StudyForm.ByMolecule];
        FormResult[] results = [.. forms.Select(form => RunForm(form, molecules, before, stop))];
        IReadOnlyList<string> findings = StudyFindings.Of(results);
        new StudyReport(options, results, findings).Write();
        return findings;
    }

    // How many seeds there are is not among it: more of them can follow.
    private Dictionary<string, string> Identity(MoleculeVectors before) => new(RunIdentity.OfNumbers(options.Training, before.Precision))
    {
        ["labels"] = string.Join('|', options.Table.Counts.Select(static label => label.Key)),
        ["molecules"] = RunIdentity.OfTexts(options.Table.Molecules.Select(
            static molecule => string.Join('\t', [molecule.Id, molecule.Smiles, molecule.InChIKey, .. molecule.Labels]))),
        ["weights of the model"] = before.Weights,
        ["pooling"] = options.Pooling.ToString(),
        ["max tokens"] = options.MaxTokens is { } most ? Text($"{most}") : "the model's",
        ["long molecules"] = options.OnLong.ToString(),
    };

    private FormResult RunForm(StudyForm form, string[] molecules, MoleculeVectors before, CancellationToken stop)
    {
        string folder = Path.Combine(options.Output, form.Name), table = Path.Combine(folder, "table.csv");
        Directory.CreateDirectory(folder);
        if (form.Pairs) options.Table.WritePairs(table);
        else options.Table.WriteMolecules(table);

        bool sets = options.Table.HasSets && !form.Pairs;
        TargetOptions targets = new()
        {
            Columns = [LabelledTable.LabelColumn],
            Separator = sets ? options.Table.Separator : null,
            Task = sets ? TaskKind.MultiLabel : TaskKind.SingleLabel,
        };
        Dataset data = Dataset.Load(table, new ReadOptions { SmilesColumn = "smiles", Stop = stop }, targets);

        List<SeedOutcome> seeds = [];
        ScatterContent? picture = null;
        string Run(int s) => Path.Combine(folder, Text($"seed-{options.Training.Seed + (ulong)s}"));
        for (int s = 0; s < options.Seeds; s++)
        {
            ulong seed = options.Training.Seed + (ulong)s;
            log.Message(Text($"{form.Title}, seed {seed} ({s + 1} of {options.Seeds})"));
            SplitOptions how = new(form.Split, seed);
            FinetuneOptions finetune = new()
            {
                Model = options.Model,
                Data = table,
                Output = Run(s),
                Read = new ReadOptions { SmilesColumn = "smiles" },
                Targets = targets,
                Split = how,
                Training = options.Training with { Seed = seed },
                MaxTokens = options.MaxTokens,
                OnLong = options.OnLong,
                Resume = options.Resume,
            };
            using (IOps ops = openDevice()) new Finetuning(finetune, ops, log).Run(stop);

            Split split = Split.Make(data, how);
            MoleculeVectors after = Embed(Run(s), molecules, stop);
            (Separation separationBefore, PrincipalComponents planeBefore) = Measure(before, data, split, stop);
            (Separation separationAfter, PrincipalComponents planeAfter) = Measure(after, data, split, stop);
            double seen = split.TestMolecules == 0 ? 0 : (double)split.TestMoleculesInTraining / split.TestMolecules;
            seeds.Add(new SeedOutcome(seed, split.Description, seen, TestFigures(Run(s)), separationBefore, separationAfter));
            picture ??= Picture(form, data, split, (before, planeBefore), (after, planeAfter));
        }
        return new FormResult(form, data, seeds, picture!, Run(0));
    }

    private MoleculeVectors Embed(string model, string[] molecules, CancellationToken stop)
    {
        using IOps ops = openDevice();
        return MoleculeVectors.Of(model, molecules, options, ops, stop);
    }

    private (Separation Separation, PrincipalComponents Plane) Measure(MoleculeVectors vectors, Dataset data, Split split, CancellationToken stop)
    {
        int[] trained = [.. split.Train, .. split.Validation];
        float[] rows = vectors.Rows(data.Smiles);
        LabelledPoints full = data.Task == TaskKind.SingleLabel
            ? LabelledPoints.OfClasses(rows, vectors.Width, data.Classes, data.MoleculeKeys)
            : LabelledPoints.OfLabels(rows, vectors.Width, data.Targets, data.Labels.Count, data.MoleculeKeys);
        PrincipalComponents plane;
        using (IOps ops = openDevice()) plane = PrincipalComponents.Fit(ops, vectors.Rows([.. trained.Select(row => data.Smiles[row])]), vectors.Width, components: 2);
        LabelledPoints flat = full.In(plane.Transform(rows), 2);
        return (new Separation(Held(flat), Held(full)), plane);

        IReadOnlyList<Metric> Held(LabelledPoints points) => Separability.Measure(points.Select(trained), points.Select(split.Test), threads, stop);
    }

    private static Metric[] TestFigures(string run)
    {
        JsonObject test = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")))!["test"]?.AsObject() ?? [];
        JsonObject? undefined = test["undefined"]?.AsObject();
        return
        [
            .. test.Where(static figure => figure.Key != "rows" && (figure.Value is null || figure.Value.GetValueKind() == System.Text.Json.JsonValueKind.Number))
                .Select(figure => new Metric(figure.Key, (double?)figure.Value, (string?)undefined?[figure.Key])),
        ];
    }

    /// <summary>Each molecule once, before and after, on the components of the training part.</summary>
    private ScatterContent Picture(
        StudyForm form, Dataset data, Split split, (MoleculeVectors Vectors, PrincipalComponents Plane) before,
        (MoleculeVectors Vectors, PrincipalComponents Plane) after)
    {
        HashSet<string> trained = [.. split.Train.Concat(split.Validation).Select(row => data.Smiles[row])];
        Dictionary<string, int> places = data.Labels.Index().ToDictionary(static label => label.Item, static label => label.Index);
        LabelledMolecule[] shown = [.. options.Table.Molecules.Where(molecule => !form.Pairs || molecule.Joined > 0)];
        string[] smiles = [.. shown.Select(static molecule => molecule.Smiles)];
        return new ScatterContent
        {
            Title = $"{options.Table.Family}: {form.Title.ToLowerInvariant()}, seed {options.Training.Seed.ToString(CultureInfo.InvariantCulture)}",
            Legend = options.Table.Family,
            Classes = data.Labels,
            Points =
            [
                .. shown.Select(molecule => new ScatterPoint(
                    [.. molecule.Labels.Select(label => places[label])], !trained.Contains(molecule.Smiles), molecule.Name, molecule.Smiles)),
            ],
            Panels = [Panel("before finetuning", before), Panel("after finetuning", after)],
        };

        ScatterPanel Panel(string title, (MoleculeVectors Vectors, PrincipalComponents Plane) of)
        {
            float[] at = of.Plane.Transform(of.Vectors.Rows(smiles));
            IReadOnlyList<Metric> shares = of.Plane.ExplainedVarianceRatio;
            return ScatterPanel.OfComponents(
                title, [.. smiles.Select((_, i) => new ChartPoint(at[2 * i], at[(2 * i) + 1]))], shares[0].Value ?? 0, shares[1].Value ?? 0);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
