using System.CommandLine;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>embed: one vector per molecule, in input order and constant memory.</summary>
internal static class EmbedCommand
{
    public static Command Create()
    {
        Option<string> model = SharedOptions.Model(), data = SharedOptions.Data(), device = SharedOptions.Device();
        Option<string> output = new("--output") { Description = "NumPy file to write: float32, a row per molecule", Required = true, HelpName = "FILE.npy" };
        Option<Pooling> pooling = SharedOptions.Choice("--pooling", "The first token's last hidden state, or the mean over all tokens", Pooling.Cls, ("cls", Pooling.Cls), ("mean", Pooling.Mean));
        Option<string?> smiles = SharedOptions.Smiles();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();
        Option<int> threads = SharedOptions.Threads();
        Command command = new("embed", "Write one float32 vector per molecule.")
        {
            model, data, output, pooling, smiles, onBadRow, maxTokens, onLong, device, threads,
        };
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            using IOps ops = SharedOptions.Open(given.GetValue(device)!, given.GetValue(threads));
            ModelFolder folder = ModelFolder.Open(given.GetValue(model)!, HeadKind.None, ops);
            using MoleculeReader reader = MoleculeReader.Open(
                given.GetValue(data)!, new ReadOptions { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow) });
            MoleculeStream molecules = new(folder, reader, folder.Encoder(given.GetValue(maxTokens), given.GetValue(onLong)));
            string path = given.GetValue(output)!;
            int c = folder.Model.Config.HiddenSize;
            float[] rows = new float[molecules.Inference.MoleculeCapacity * c];
            using NpyWriter writer = new(path, c);
            foreach (IReadOnlyList<string> batch in molecules.Batches(stop))
            {
                Span<float> read = rows.AsSpan(0, batch.Count * c);
                molecules.Inference.ReadEmbeddings(read, given.GetValue(pooling));
                writer.Append(read);
            }
            writer.Complete();
            molecules.End($"({writer.Rows}, {c}) in {path}");
            return 0;
        }
    }
}
