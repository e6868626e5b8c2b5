using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>A file's molecules through a model, a batch at a time, with progress: memory does not grow with their number.</summary>
internal sealed class MoleculeStream
{
    private readonly MoleculeReader reader;
    private readonly MoleculeEncoder encoder;
    private readonly RowProgress progress = new();
    private readonly Queue<string> waiting = [];    // molecules read but not yet yielded

    public MoleculeStream(ModelFolder folder, MoleculeReader reader, MoleculeEncoder encoder)
    {
        this.reader = reader;
        this.encoder = encoder;
        Inference = new Inference(folder.Model);
        string[] parts = [ProgramVersion.Text, folder.Model.Ops.Description, folder.Tokenizer.Description, reader.SmilesColumnChoice];
        Console.Error.WriteLine(string.Join("; ", parts));
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

    /// <summary>Refuses outputs that are no numbers: finite weights too can be so large that what they make is not.</summary>
    /// <param name="batch">The SMILES of a batch.</param>
    /// <param name="outputs">As many values for each.</param>
    /// <exception cref="InputException">One is not finite; its molecule is named.</exception>
    public static void RequireFinite(IReadOnlyList<string> batch, ReadOnlySpan<float> outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
            if (!float.IsFinite(outputs[i]))
                throw new InputException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the model's output for {batch[i / (outputs.Length / batch.Count)]} is {outputs[i]}, where a finite number is expected"));
    }

    /// <summary>Says what was done and what was lost, and gives it as JSON.</summary>
    /// <param name="output">The file that now holds the results.</param>
    public JsonObject End(string output)
    {
        progress.End([.. LeftOut(reader), .. encoder.Report.Warnings()], output);
        return new JsonObject
        {
            ["output"] = output,
            ["molecules"] = progress.Molecules,
            ["skipped_rows"] = reader.BadRowCount,
            ["truncated_molecules"] = encoder.Report.Truncated,
            ["molecules_per_second"] = progress.MoleculesPerSecond,
        };
    }

    /// <summary>Lines about rows that could not be read; none where all could.</summary>
    public static IEnumerable<string> LeftOut(MoleculeReader reader)
    {
        if (reader.BadRowCount == 0) yield break;
        yield return string.Create(CultureInfo.InvariantCulture, $"rows that could not be read and were left out: {reader.BadRowCount:N0}, such as");
        foreach (string message in reader.BadRowMessages) yield return message;
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
