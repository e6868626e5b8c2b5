using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Cli;

/// <summary>predict: a finetuned model's answer for each molecule, in input order and constant memory.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        Option<string> model = SharedOptions.Model(), data = SharedOptions.Data(), device = SharedOptions.Device();
        Option<string> output = SharedOptions.Output("FILE", "CSV to write");
        Option<string?> smiles = SharedOptions.Smiles();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("how many molecules were predicted, left out and cut");
        Verb command = new(
            "predict", "Write a finetuned model's class and probabilities (or values) for each molecule, in the order of the data.",
            new OptionGroup("Needed", model, data, output),
            new OptionGroup("Data", smiles, onBadRow, maxTokens, onLong),
            new OptionGroup("Run", device, precision, threads, json))
        {
            WhenStopped = "nothing was written",
        };
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            string path = SharedOptions.OutputFile(given.GetValue(output)!);
            using IOps ops = DeviceChoice.Open(given.GetValue(device)!, given.GetValue(threads), given.GetValue(precision));
            ModelFolder folder = ModelFolder.Open(given.GetValue(model)!, HeadKind.Molecule, ops);
            using MoleculeReader reader = MoleculeReader.Open(
                given.GetValue(data)!, new ReadOptions { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow), Stop = stop });
            MoleculeStream molecules = new(folder, reader, folder.Encoder(given.GetValue(maxTokens), given.GetValue(onLong)));
            AtomicFile.Write(path, stream => WritePredictions(stream, folder.Model, molecules, stop));
            JsonObject summary = molecules.End(path);
            if (given.GetValue(json)) ResultJson.Print(summary);
            return 0;
        }
    }

    private static void WritePredictions(Stream stream, BertModel model, MoleculeStream molecules, CancellationToken stop)
    {
        int k = model.Head!.Outputs;
        Predictor predictor = new(model.Config);
        using StreamWriter text = new(stream, leaveOpen: true);
        using CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        Line(["smiles", .. predictor.Columns.Names]);
        float[] outputs = new float[molecules.Inference.MoleculeCapacity * k];
        foreach (IReadOnlyList<string> batch in molecules.Batches(stop))
        {
            Span<float> read = outputs.AsSpan(0, batch.Count * k);
            molecules.Inference.ReadLogits(read);
            MoleculeStream.RequireFinite(batch, read);
            predictor.Interpret(read);
            for (int i = 0; i < batch.Count; i++) Line([batch[i], .. predictor.Columns.Fields(read.Slice(i * k, k))]);
        }

        void Line(IEnumerable<string> fields)
        {
            foreach (string field in fields) csv.WriteField(field);
            csv.NextRecord();
        }
    }
}
