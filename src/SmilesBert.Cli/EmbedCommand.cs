using System.CommandLine;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Cli;

/// <summary>embed: one vector per molecule, in input order and constant memory.</summary>
internal static class EmbedCommand
{
    public static Command Create()
    {
        Option<string> model = SharedOptions.Model(), data = SharedOptions.Data(), device = SharedOptions.Device();
        Option<string> output = SharedOptions.Output("FILE", "NumPy file (.npy) to write: float32, one row per molecule");
        Option<Pooling> pooling = SharedOptions.Pooling();
        Option<string?> smiles = SharedOptions.Smiles();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("how many molecules were embedded, left out and cut");
        Verb command = new(
            "embed", "Write one vector per molecule, in the order of the data.",
            new OptionGroup("Needed", model, data, output),
            new OptionGroup("Data", pooling, smiles, onBadRow, maxTokens, onLong),
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
            ModelFolder folder = ModelFolder.Open(given.GetValue(model)!, HeadKind.None, ops);
            using MoleculeReader reader = MoleculeReader.Open(
                given.GetValue(data)!, new ReadOptions { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow), Stop = stop });
            MoleculeStream molecules = new(folder, reader, folder.Encoder(given.GetValue(maxTokens), given.GetValue(onLong)));
            int c = folder.Model.Config.HiddenSize;
            float[] rows = new float[molecules.Inference.MoleculeCapacity * c];
            AtomicFile.Write(path, stream =>
            {
                NpyWriter writer = new(stream, c);
                foreach (IReadOnlyList<string> batch in molecules.Batches(stop))
                {
                    Span<float> read = rows.AsSpan(0, batch.Count * c);
                    molecules.Inference.ReadEmbeddings(read, given.GetValue(pooling));
                    MoleculeStream.RequireFinite(batch, read);
                    writer.Append(read);
                }
                writer.Complete();
            });
            JsonObject summary = molecules.End(path);
            summary["shape"] = new JsonArray((long)summary["molecules"]!, c);
            if (given.GetValue(json)) ResultJson.Print(summary);
            return 0;
        }
    }
}
