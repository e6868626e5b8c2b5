using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>What pca looks at: molecules with a colour each, and their embeddings.</summary>
internal sealed class PcaInput
{
    private PcaInput(Dataset data, float[] vectors, int width, string source)
    {
        (Data, Vectors, Width) = (data, vectors, width);
        Console.Error.WriteLine(string.Join("; ", [ProgramVersion.Text, source, data.SmilesColumnChoice, data.TaskReason, .. data.Notes]));
        foreach (DroppedRows dropped in data.Dropped)
        {
            string count = dropped.Count.ToString("N0", CultureInfo.InvariantCulture);
            Console.Error.WriteLine($"left out {count}: {dropped.Reason} ({string.Join("; ", dropped.Examples)})");
        }
    }

    /// <summary>A data file, and how it is read.</summary>
    public readonly record struct Table(string Path, ReadOptions Read, TargetOptions Targets);

    public Dataset Data { get; }

    /// <summary>(molecules, Width)</summary>
    public float[] Vectors { get; }

    public int Width { get; }

    /// <summary>Takes the embeddings from a file that holds one for each molecule of the table that can be read, as embed writes them.</summary>
    public static PcaInput OfFile(string path, Table table)
    {
        if (table.Path == "-") throw new InputException("--embeddings needs --data to be a file: it is read twice, for its molecules and for their colours");
        NpyFile file = NpyFile.Read(path);
        Dictionary<long, int> places = [];
        using (MoleculeReader reader = MoleculeReader.Open(table.Path, table.Read))
            foreach (MoleculeRow row in reader.Rows()) places[row.Row] = places.Count;
        if (places.Count != file.Rows)
            throw new InputException($"{path} has {file.Rows} rows and {table.Path} {places.Count} molecules: expected one row a molecule, in the same order");
        int wrong = Array.FindIndex(file.Values, static value => !float.IsFinite(value));
        if (wrong >= 0) throw new InputException($"{path}: row {(wrong / file.Columns) + 1} has a value that is not finite");

        Dataset data = Dataset.Load(table.Path, table.Read, table.Targets);
        float[] vectors = new float[data.Count * file.Columns];
        for (int i = 0; i < data.Count; i++) file.Row(places[data.Rows[i]]).CopyTo(vectors.AsSpan(i * file.Columns));
        return new PcaInput(data, vectors, file.Columns, $"embeddings of {path}");
    }

    /// <summary>Embeds the molecules that have a colour.</summary>
    public static PcaInput OfModel(ModelFolder folder, MoleculeEncoder encoder, Pooling pooling, Table table, CancellationToken stop)
    {
        Dataset data = Dataset.Load(table.Path, table.Read, table.Targets);
        Inference inference = new(folder.Model);
        RowProgress progress = new();
        float[] vectors = inference.Embeddings(
            data.Smiles.Select((smiles, i) => encoder.Encode(smiles, data.Rows[i])), data.Count, pooling, stop, progress.Add);
        progress.End(encoder.Report.Warnings(), $"embedded by {folder.Path}");
        return new PcaInput(data, vectors, folder.Model.Config.HiddenSize, $"{folder.Model.Ops.Description}; {folder.Tokenizer.Description}");
    }
}
