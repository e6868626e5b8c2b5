using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Pretraining;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>evaluate: the metrics of a finished model on a table, or a pretrained model's masked recovery on a list of molecules.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Option<string> model = SharedOptions.Model(), data = SharedOptions.Data(), device = SharedOptions.Device();
        Option<string[]> target = SharedOptions.Target(
            "Column of the true classes, labels or values; without one, a pretrained model's recovery of masked tokens is measured", required: false);
        Option<string?> smiles = SharedOptions.Smiles();
        Option<char?> separator = SharedOptions.Separator();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("all metrics, those of each class too,");
        Verb command = new(
            "evaluate", "Measure a finetuned model on a table of molecules, or a pretrained one on a list of them.",
            new OptionGroup("Needed", model, data),
            new OptionGroup("Data", target, separator, smiles, onBadRow, maxTokens, onLong),
            new OptionGroup("Run", device, precision, threads, json));
        command.SetAction(given =>
        {
            string folderPath = given.GetValue(model)!;
            string[] columns = given.GetValue(target) ?? [];
            if (columns.Length == 0 && ModelConfig.Load(folderPath).Task is not null)
                throw new InputException($"{folderPath} is finetuned, and --target must say which column of the data holds what is true");

            using IOps ops = DeviceChoice.Open(given.GetValue(device)!, given.GetValue(threads), given.GetValue(precision));
            ReadOptions read = new() { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow) };
            ModelFolder folder = ModelFolder.Open(folderPath, columns.Length > 0 ? HeadKind.Molecule : HeadKind.MaskedToken, ops);
            MoleculeEncoder encoder = folder.Encoder(given.GetValue(maxTokens), given.GetValue(onLong));
            JsonObject result = columns.Length > 0
                ? Table(folder, encoder, given.GetValue(data)!, read, new TargetOptions { Columns = columns, Separator = given.GetValue(separator) })
                : Recovery(folder, encoder, given.GetValue(data)!, read);
            if (given.GetValue(json)) ResultJson.Print(result);
            else Print(result);
            return 0;
        });
        return command;
    }

    private static JsonObject Table(ModelFolder folder, MoleculeEncoder encoder, string path, ReadOptions read, TargetOptions targets)
    {
        ModelConfig config = folder.Model.Config;
        Dataset data = Dataset.Load(path, read, targets with { Task = config.Task }, new KnownLabels(config.Task!.Value, config.Labels));
        int[][] molecules = [.. data.Smiles.Select((smiles, i) => encoder.Encode(smiles, data.Rows[i]))];
        Describe(folder, data.SmilesColumnChoice, [data.TaskReason, .. data.Notes]);
        foreach (DroppedRows dropped in data.Dropped)
        {
            string count = dropped.Count.ToString("N0", CultureInfo.InvariantCulture);
            Console.Error.WriteLine($"left out {count}: {dropped.Reason} ({string.Join("; ", dropped.Examples)})");
        }
        foreach (string warning in encoder.Report.Warnings()) Console.Error.WriteLine($"warning: {warning}");

        Inference inference = new(folder.Model);
        Objective objective = Objective.Of(folder.Model, data, batchSize: 1, classWeights: null);
        RowProgress progress = new();
        Evaluation evaluation = Evaluation.Of(inference, objective, new Predictor(config), data, molecules, [.. Enumerable.Range(0, data.Count)], batchDone: progress.Add);
        progress.End([], path);
        return EvaluationJson.Of(evaluation, data);
    }

    private static JsonObject Recovery(ModelFolder folder, MoleculeEncoder encoder, string path, ReadOptions read)
    {
        MaskedRecovery recovery = new(folder);
        using MoleculeReader reader = MoleculeReader.Open(path, read);
        Describe(folder, reader.SmilesColumnChoice, []);
        RowProgress progress = new();
        foreach (MoleculeRow row in reader.Rows())
        {
            recovery.Add(encoder.Encode(row.Smiles, row.Row));
            progress.Add(1);
        }
        RecoveryScore score = recovery.Score();
        if (score.Tokens == 0) throw new InputException($"{path}: holds no molecule to mask tokens of");
        progress.End([.. MoleculeStream.LeftOut(reader), .. encoder.Report.Warnings()], "each token masked in turn");
        return score.ToJson(encoder.Report.Molecules);
    }

    private static void Describe(ModelFolder folder, string smiles, IEnumerable<string> more)
    {
        string[] parts = [ProgramVersion.Text, folder.Model.Ops.Description, folder.Tokenizer.Description, smiles, .. more];
        Console.Error.WriteLine(string.Join("; ", parts));
    }

    // One figure a line; the details of classes and labels are in the JSON.
    private static void Print(JsonObject result)
    {
        foreach ((string name, JsonNode? value) in result)
        {
            if (value is JsonObject) continue;
            string text = value is null ? $"undefined: {result["undefined"]?[name] ?? "no row has a label"}"
                : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString("0.######", CultureInfo.InvariantCulture);
            Console.WriteLine($"{new Metric(name, null, null).Label,-24} {text}");
        }
    }
}
