using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>evaluate: the metrics of a finished model on a table, or a pretrained model's masked recovery on a list of molecules.</summary>
internal static class EvaluateCommand
{
    private const int TokensPerBatch = 4096, MoleculesPerBatch = 128;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        Option<string> model = SharedOptions.Model(), data = SharedOptions.Data(), device = SharedOptions.Device();
        Option<string[]> target = SharedOptions.Target(required: false);
        Option<string?> smiles = SharedOptions.Smiles();
        Option<char?> separator = SharedOptions.Separator();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();
        target.Description = "Column of the true classes, labels or values; without one, a pretrained model's recovery of masked tokens is measured";
        Command command = new("evaluate", "Measure a finished model on a table of molecules.")
        {
            model, data, target, smiles, separator, onBadRow, maxTokens, onLong, device, threads, json,
        };
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            using IOps ops = SharedOptions.Open(given.GetValue(device)!, given.GetValue(threads));
            ReadOptions read = new() { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow) };
            string[] columns = given.GetValue(target) ?? [];
            ModelFolder folder = ModelFolder.Open(given.GetValue(model)!, columns.Length > 0 ? HeadKind.Molecule : HeadKind.MaskedToken, ops);
            MoleculeEncoder encoder = folder.Encoder(given.GetValue(maxTokens), given.GetValue(onLong));
            JsonObject result = columns.Length > 0
                ? Table(folder, encoder, given.GetValue(data)!, read, new TargetOptions { Columns = columns, Separator = given.GetValue(separator) }, !given.GetValue(json))
                : Recovery(folder, encoder, given.GetValue(data)!, read, stop);
            foreach (string warning in encoder.Report.Warnings()) Console.Error.WriteLine($"warning: {warning}");
            if (given.GetValue(json)) Console.WriteLine(result.ToJsonString(Readable));
            else Print(result);
            return 0;
        }
    }

    private static JsonObject Table(ModelFolder folder, MoleculeEncoder encoder, string path, ReadOptions read, TargetOptions targets, bool describe)
    {
        ModelConfig config = folder.Model.Config;
        Dataset data = Dataset.Load(path, read, targets with { Task = config.Task }, new KnownLabels(config.Task!.Value, config.Labels));
        if (describe)
        {
            foreach (string line in (string[])[data.SmilesColumnChoice, data.TaskReason, .. data.Notes]) Console.Error.WriteLine(line);
            foreach (DroppedRows dropped in data.Dropped) Console.Error.WriteLine($"left out {dropped.Count}: {dropped.Reason}");
        }
        int[][] molecules = [.. data.Smiles.Select((smiles, i) => encoder.Encode(smiles, data.Rows[i]))];
        Inference inference = new(folder.Model, Math.Max(TokensPerBatch, config.MaxTokens), MoleculesPerBatch);
        Objective objective = Objective.Of(folder.Model, data, batchSize: 1, classWeights: null);
        Evaluation evaluation = Evaluation.Of(inference, objective, new Predictor(config), data, molecules, [.. Enumerable.Range(0, data.Count)]);
        return EvaluationJson.Of(evaluation, data);
    }

    private static JsonObject Recovery(ModelFolder folder, MoleculeEncoder encoder, string path, ReadOptions read, CancellationToken stop)
    {
        MaskedRecovery recovery = new(folder);
        using MoleculeReader reader = MoleculeReader.Open(path, read);
        RowProgress progress = new();
        foreach (MoleculeRow row in reader.Rows())
        {
            stop.ThrowIfCancellationRequested();
            recovery.Add(encoder.Encode(row.Smiles, row.Row));
            progress.Add(1);
        }
        RecoveryScore score = recovery.Score();
        if (score.Tokens == 0) throw new InputException($"{path}: holds no molecule to mask tokens of");
        progress.End("each token masked in turn", []);
        return new JsonObject
        {
            ["molecules"] = encoder.Report.Molecules,
            ["masked_tokens"] = score.Tokens,
            ["loss"] = score.Loss,
            ["top1_recovery"] = score.Top1,
            ["commonest_token_rate"] = score.Baseline,
        };
    }

    // One figure a line; the details of classes and labels are in the JSON.
    private static void Print(JsonObject result)
    {
        foreach ((string name, JsonNode? value) in result)
        {
            if (value is JsonObject) continue;
            string text = value is null ? $"undefined: {result["undefined"]![name]}"
                : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString("0.######", CultureInfo.InvariantCulture);
            Console.WriteLine($"{new Metric(name, null, null).Label,-24} {text}");
        }
    }
}
