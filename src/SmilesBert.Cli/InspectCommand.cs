using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tokenization;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Cli;

/// <summary>inspect: what a checkpoint, tokenizer or data file holds, and what is wrong with it.</summary>
internal static class InspectCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        Argument<string> path = new("PATH") { Description = "Model folder, .safetensors file, or data file" };
        Option<bool> json = SharedOptions.Json();
        Command command = new("inspect", "Say what a checkpoint, tokenizer or data file holds, and what is wrong with it.") { path, json };
        command.SetAction(given =>
        {
            string at = given.GetValue(path)!;
            List<string> problems = [];
            JsonObject found = Directory.Exists(at) ? Folder(at, problems)
                : at.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? Tensors(SafetensorsFile.Open(at))
                : Table(at);
            if (problems.Count > 0) found["problems"] = new JsonArray([.. problems.Select(static problem => (JsonNode?)problem)]);
            if (given.GetValue(json)) Console.WriteLine(found.ToJsonString(Readable));
            else Print(found, indent: 0);
            return problems.Count > 0 ? 1 : 0;
        });
        return command;
    }

    // Each part by itself, so that one that is broken does not hide the others.
    private static JsonObject Folder(string path, List<string> problems)
    {
        JsonObject found = [];
        ModelConfig? config = null;
        Attempt("network", () =>
        {
            config = ModelConfig.Load(path);
            return new JsonObject
            {
                ["kind"] = config.Architecture.ToString().ToLowerInvariant(),
                ["layers"] = config.Layers,
                ["hidden_size"] = config.HiddenSize,
                ["heads"] = config.Heads,
                ["feed_forward_size"] = config.FeedForwardSize,
                ["vocabulary_rows"] = config.VocabularySize,
                ["longest_molecule_tokens"] = config.MaxTokens,
                ["head"] = config.Task is { } task ? $"{ModelConfig.ProblemTypeOf(task)}: {string.Join(", ", config.Labels)}" : "none finetuned",
            };
        });
        Attempt("tokenizer", () =>
        {
            Tokenizer tokenizer = Tokenizer.Load(path);
            config?.RequireFit(tokenizer, path);
            return tokenizer.Description;
        });
        Attempt("weights", () => Tensors(Checkpoint.Open(path)));
        if (config is not null && problems.Count == 0)
        {
            Attempt("fit", () =>
            {
                using CpuOps ops = new(threads: 1);
                LoadReport loaded = ModelFolder.Open(path, config.Task is null ? HeadKind.None : HeadKind.Molecule, ops).Loaded;
                return $"{loaded.Loaded} tensors in place; {(loaded.Unused.Count == 0 ? "none left over" : $"left over: {string.Join(", ", loaded.Unused)}")}";
            });
        }
        return found;

        void Attempt(string part, Func<JsonNode> read)
        {
            try { found[part] = read(); }
            catch (InputException error) { problems.Add(error.Message); }
        }
    }

    private static JsonObject Tensors(TensorFile file)
    {
        using (file)
        {
            return new JsonObject
            {
                ["file"] = file.Path,
                ["kind"] = file.Kind,
                ["numbers"] = file.Tensors.Values.Sum(static tensor => tensor.Elements),
                ["tensors"] = new JsonObject(file.Tensors.Values.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal)
                    .Select(static tensor => KeyValuePair.Create(tensor.Name, (JsonNode?)$"{tensor.Type} ({string.Join(",", tensor.Shape)})"))),
            };
        }
    }

    private static JsonObject Table(string path)
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
                distinct[i].Add(row.Fields[i]);
            }
        }
        return new JsonObject
        {
            ["file"] = path,
            ["smiles"] = reader.SmilesColumnChoice,
            ["molecules"] = rows,
            ["longest_smiles_characters"] = longest,
            ["unreadable_rows"] = reader.BadRowCount,
            ["first_unreadable"] = new JsonArray([.. reader.BadRowMessages.Select(static message => (JsonNode?)message)]),
            ["columns"] = new JsonObject(reader.Header.Index().Select(column => KeyValuePair.Create(
                column.Item, (JsonNode?)string.Create(CultureInfo.InvariantCulture, $"{filled[column.Index]} filled, {distinct[column.Index].Count} distinct")))),
        };
    }

    private static void Print(JsonNode node, int indent)
    {
        string margin = new(' ', indent);
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list) Console.WriteLine($"{margin}{item}");
            return;
        }
        foreach ((string name, JsonNode? value) in node.AsObject())
        {
            if (value is JsonObject or JsonArray)
            {
                if (value is JsonArray { Count: 0 }) continue;
                Console.WriteLine($"{margin}{name.Replace('_', ' ')}");
                Print(value, indent + 2);
            }
            else
            {
                Console.WriteLine($"{margin}{name.Replace('_', ' '),-24} {value}");
            }
        }
    }
}
