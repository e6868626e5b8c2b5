using SmilesBert.Data;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>A file's molecules through a model, a batch at a time, with progress: memory does not grow with their number.</summary>
internal sealed class MoleculeStream
{
    private const int TokensPerBatch = 4096, MoleculesPerBatch = 128;

    private readonly MoleculeReader reader;
    private readonly MoleculeEncoder encoder;
    private readonly RowProgress progress = new();
    private readonly Queue<string> waiting = [];    // molecules read but not yet yielded

    public MoleculeStream(ModelFolder folder, MoleculeReader reader, MoleculeEncoder encoder)
    {
        this.reader = reader;
        this.encoder = encoder;
        Inference = new Inference(folder.Model, Math.Max(TokensPerBatch, folder.Model.Config.MaxTokens), MoleculesPerBatch);
        Console.Error.WriteLine($"{folder.Model.Ops.Description}; {folder.Tokenizer.Description}; {reader.SmilesColumnChoice}");
    }

    public Inference Inference { get; }

    /// <summary>The SMILES of each batch, after its forward pass.</summary>
    public IEnumerable<IReadOnlyList<string>> Batches(CancellationToken stop)
    {
        foreach (int count in Inference.Run(Molecules()))
        {
            stop.ThrowIfCancellationRequested();
            string[] batch = new string[count];
            for (int i = 0; i < count; i++) batch[i] = waiting.Dequeue();
            yield return batch;
            progress.Add(count);
        }
    }

    /// <summary>Says what was done and what was lost.</summary>
    public void End(string where)
    {
        string[] bad = reader.BadRowCount == 0 ? [] : [$"{reader.BadRowCount} rows could not be read and were skipped", .. reader.BadRowMessages];
        progress.End(where, [.. bad, .. encoder.Report.Warnings()]);
    }

    private IEnumerable<int[]> Molecules()
    {
        foreach (MoleculeRow row in reader.Rows())
        {
            int[] tokens = encoder.Encode(row.Smiles, row.Row);
            waiting.Enqueue(row.Smiles);
            yield return tokens;
        }
    }
}
