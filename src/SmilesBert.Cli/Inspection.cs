using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tokenization;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Cli;

/// <summary>What a path holds, part by part, so that one that is broken does not hide the others.</summary>
internal sealed class Inspection
{
    // Beyond this many distinct texts a column is no set of classes, and they are not worth their memory.
    private const int MostDistinct = 10_000;

    private static readonly string[] TokenizerFiles =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "vocab.txt", "merges.txt"];

    private readonly List<string> problems = [];

    private Inspection(string path)
    {
        string name = Path.GetFileName(path), folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (Directory.Exists(path)) ReadFolder(path);
        else if (!File.Exists(path) && path != "-") problems.Add($"there is no file or folder {path}");
        else if (Checkpoint.IsFile(path)) Part("weights", () => Tensors(Checkpoint.OpenFile(path)));
        else if (name == "config.json") Part("network", () => Network(ModelConfig.Load(folder)));
        else if (TokenizerFiles.Contains(name)) Part("tokenizer", () => Marks(Tokenizer.Load(folder)));
        else Part("data", () => Table(path));
        if (problems.Count > 0) Result["problems"] = new JsonArray([.. problems.Select(static problem => (JsonNode?)problem)]);
    }

    /// <summary>Everything found, problems last.</summary>
    public JsonObject Result { get; } = [];

    /// <summary>What a command would refuse the path for; empty when nothing is wrong.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Looks at a model folder, a file of one, or a data file.</summary>
    public static Inspection Of(string path) => new(path);

    private void ReadFolder(string path)
    {
        ModelConfig? config = null;
        Tokenizer? tokenizer = null;
        bool isModel = Directory.EnumerateFiles(path)
            .Any(static file => Path.GetFileName(file) == "config.json" || Path.GetExtension(file) is ".safetensors" or ".bin");
        if (isModel) Part("network", () => Network(config = ModelConfig.Load(path)));
        Part("tokenizer", () => Marks(tokenizer = Tokenizer.Load(path)));
        if (!isModel && tokenizer is null)
        {
            problems.Clear();
            problems.Add($"{path} is no model folder, which would hold config.json, weights and a tokenizer's files, and no tokenizer's folder");
        }
        if (!isModel) return;
        Part("weights", () => Tensors(Checkpoint.Open(path)));
        if (problems.Count > 0) return;
        Part("fit", () =>
        {
            config!.RequireFit(tokenizer!, path);
            using CpuOps ops = new(threads: 1);
            LoadReport loaded = ModelFolder.Open(path, config.Task is null ? HeadKind.None : HeadKind.Molecule, ops).Loaded;
            JsonObject fit = new() { ["tensors_in_place"] = loaded.Loaded };
            if (loaded.Unused.Count > 0) fit[config.Task is null ? "of_a_head" : "without_use"] = string.Join(", ", loaded.Unused);
            return fit;
        });
    }

    private void Part(string name, Func<JsonNode> read)
    {
        try { Result[name] = read(); }
        catch (InputException error) { problems.Add(error.Message); }
    }

    private static JsonObject Network(ModelConfig config) => new()
    {
        ["kind"] = config.Architecture.ToString().ToLowerInvariant(),
        ["layers"] = config.Layers,
        ["hidden_size"] = config.HiddenSize,
        ["heads"] = config.Heads,
        ["feed_forward_size"] = config.FeedForwardSize,
        ["vocabulary_rows"] = config.VocabularySize,
        ["longest_molecule_tokens"] = config.MaxTokens,
        ["task"] = config.Task is { } task ? ModelConfig.ProblemTypeOf(task) : "none: not finetuned yet",
        ["labels"] = new JsonArray([.. config.Labels.Select(static label => (JsonNode?)label)]),
    };

    private static JsonObject Marks(Tokenizer tokenizer)
    {
        JsonObject marks = new() { ["kind"] = tokenizer.Description, ["largest_id"] = tokenizer.VocabularySize - 1 };
        foreach ((string role, int? id) in new (string, int?)[]
        {
            ("beginning", tokenizer.ClsId), ("end", tokenizer.SepId), ("padding", tokenizer.PadId),
            ("unknown", tokenizer.UnknownId), ("mask", tokenizer.MaskId),
        })
            marks[role] = id is { } known ? string.Create(CultureInfo.InvariantCulture, $"{tokenizer.Token(known)} ({known})") : "none";
        return marks;
    }

    private static JsonObject Tensors(TensorFile file)
    {
        using (file)
        {
            return new JsonObject
            {
                ["file"] = file.Path,
                ["kind"] = file.Kind,
                ["numbers"] = Numbers(file),
                ["tensors"] = new JsonObject(file.Tensors.Values.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal)
                    .Select(static tensor => KeyValuePair.Create(tensor.Name, (JsonNode?)$"{tensor.Type} ({string.Join(",", tensor.Shape)})"))),
            };
        }
    }

    // Strides of 0 make as many numbers as you like of one that is stored.
    private static long Numbers(TensorFile file)
    {
        try
        {
            return file.Tensors.Values.Sum(static tensor => tensor.Elements);
        }
        catch (OverflowException error)
        {
            throw new InputException($"{file.Path}: its {file.Tensors.Count} tensors have more numbers together than 63 bits can count.", error);
        }
    }

    private JsonObject Table(string path)
    {
        using MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions { OnBadRow = BadRows.Skip });
        HashSet<string>[] distinct = [.. reader.Header.Select(static _ => new HashSet<string>(StringComparer.Ordinal))];
        long[] filled = new long[reader.Header.Count];
        long rows = 0;
        int longest = 0;
        foreach (MoleculeRow row in reader.Rows())
        {
            rows++;
            longest = Math.Max(longest, row.Smiles.Length);
            for (int i = 0; i < filled.Length; i++)
            {
                if (row.Fields[i].Length == 0) continue;
                filled[i]++;
                if (distinct[i].Count <= MostDistinct) distinct[i].Add(row.Fields[i]);
            }
        }
        if (reader.BadRowCount > 0)
        {
            string count = reader.BadRowCount.ToString("N0", CultureInfo.InvariantCulture);
            string examples = string.Join("; ", reader.BadRowMessages);
            problems.Add($"rows that cannot be read: {count} (--on-bad-row skip leaves them out), such as {examples}");
        }
        return new JsonObject
        {
            ["file"] = reader.Source,
            ["smiles"] = reader.SmilesColumnChoice,
            ["molecules"] = rows,
            ["longest_smiles"] = string.Create(CultureInfo.InvariantCulture, $"{longest} characters"),
            ["columns"] = Columns(),
        };

        // Two columns may have one name.
        JsonObject Columns()
        {
            JsonObject columns = [];
            foreach ((int i, string name) in reader.Header.Index())
            {
                string kinds = distinct[i].Count > MostDistinct ? $"more than {MostDistinct}" : $"{distinct[i].Count}";
                columns[columns.ContainsKey(name) ? $"{name} (column {i + 1})" : name] = $"{filled[i]} filled, {kinds} distinct";
            }
            return columns;
        }
    }
}
