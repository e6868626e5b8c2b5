using System.Text.Json;
using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Weights;

namespace SmilesBert.Model;

/// <summary>
/// A network's sizes and kinds, as HuggingFace's config.json states them. What this program does not read is kept and written back.
/// </summary>
public sealed record ModelConfig
{
    private const string OwnSection = "smilesbert";

    // More than any network has: what claims more would fill the memory with layers before a weight is looked for.
    private const int MostLayers = 1000;

    public required Architecture Architecture { get; init; }
    public required int VocabularySize { get; init; }
    public required int HiddenSize { get; init; }           // C
    public required int EmbeddingSize { get; init; }        // E: C but for ALBERT
    public required int Layers { get; init; }
    public required int Heads { get; init; }
    public required int FeedForwardSize { get; init; }      // F
    public required int PositionRows { get; init; }         // of the position table
    public required int TokenTypes { get; init; }
    public required float LayerNormEpsilon { get; init; }
    public required ActivationKind Activation { get; init; }
    public required float HiddenDropout { get; init; }
    public required float AttentionDropout { get; init; }
    public required float ClassifierDropout { get; init; }
    public required int PaddingId { get; init; }
    public required float InitializerRange { get; init; }   // standard deviation of new weights

    /// <summary>The task of the head that the folder holds; null when it states none.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>Class, label or target names in the order of the head's outputs; empty when there is no head.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>How regression targets were standardised; null for other tasks.</summary>
    public TargetScaling? Scaling { get; init; }

    private JsonObject Source { get; init; } = [];

    /// <summary>HS: the size of one attention head.</summary>
    public int HeadSize => HiddenSize / Heads;

    /// <summary>What attention scores are multiplied with.</summary>
    public float AttentionScale => 1f / MathF.Sqrt(HeadSize);

    /// <summary>The row of the position table that a molecule's first token reads: RoBERTa's begin after the padding id.</summary>
    public int FirstPosition => Architecture == Architecture.Roberta ? PaddingId + 1 : 0;

    /// <summary>The longest molecule that the position table has rows for, in tokens.</summary>
    public int MaxTokens => PositionRows - FirstPosition;

    /// <summary>What the body's tensors are called in a checkpoint: "bert.", "roberta.", "albert.".</summary>
    public string BodyPrefix => ModelType + ".";

    private string ModelType => Architecture.ToString().ToLowerInvariant();

    /// <summary>The name that config.json has for a task.</summary>
    public static string ProblemTypeOf(TaskKind task) => task switch
    {
        TaskKind.SingleLabel => "single_label_classification",
        TaskKind.MultiLabel => "multi_label_classification",
        _ => "regression",
    };

    /// <summary>Reads a folder's config.json.</summary>
    /// <exception cref="InputException">It is missing, not JSON, contradicts itself or names a network that this program does not have.</exception>
    public static ModelConfig Load(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        return File.Exists(path) ? LoadFile(path)
            : throw new InputException($"{folder}: no config.json; a model folder holds config.json, the weights and the tokenizer's files");
    }

    /// <summary>Reads a config.json of any name.</summary>
    /// <inheritdoc cref="Load"/>
    public static ModelConfig LoadFile(string path)
    {
        try
        {
            return Parse(StrictJson.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new InputException($"{path}: expected a JSON object"), path);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: expected a JSON object with each name once: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads the JSON object of a config.json; <paramref name="path"/> is for messages.</summary>
    public static ModelConfig Parse(JsonObject json, string path)
    {
        ConfigReader reader = new(json, path);
        string type = reader.Text("model_type") ?? throw reader.Error("model_type is missing; expected bert, roberta or albert");
        Architecture architecture = type switch
        {
            "bert" => Architecture.Bert,
            "roberta" => Architecture.Roberta,
            "albert" => Architecture.Albert,
            _ => throw reader.Error($"model_type is '{type}'; bert, roberta and albert are supported"),
        };
        bool albert = architecture == Architecture.Albert;
        reader.Refuse("position_embedding_type", "absolute");
        reader.Refuse("is_decoder", "false");
        reader.Refuse("add_cross_attention", "false");
        reader.Refuse("tie_word_embeddings", "true");
        if (albert)
        {
            reader.Refuse("num_hidden_groups", "1");
            reader.Refuse("inner_group_num", "1");
        }

        float hiddenDropout = reader.Share("hidden_dropout_prob", albert ? 0f : 0.1f);
        int hidden = reader.Size("hidden_size");
        (TaskKind? task, IReadOnlyList<string> labels) = reader.Head();
        ModelConfig config = new()
        {
            Architecture = architecture,
            VocabularySize = reader.Size("vocab_size"),
            HiddenSize = hidden,
            EmbeddingSize = albert ? reader.Size("embedding_size") : hidden,
            Layers = reader.Size("num_hidden_layers", most: MostLayers),
            Heads = reader.Size("num_attention_heads"),
            FeedForwardSize = reader.Size("intermediate_size"),
            PositionRows = reader.Size("max_position_embeddings"),
            TokenTypes = reader.Size("type_vocab_size", 2),
            LayerNormEpsilon = reader.Positive("layer_norm_eps", 1e-12f),
            Activation = reader.Activation("hidden_act", albert ? ActivationKind.GeluTanh : ActivationKind.Gelu),
            HiddenDropout = hiddenDropout,
            AttentionDropout = reader.Share("attention_probs_dropout_prob", albert ? 0f : 0.1f),
            ClassifierDropout = albert ? reader.Share("classifier_dropout_prob", 0.1f) : reader.Share("classifier_dropout", hiddenDropout),
            PaddingId = reader.Index("pad_token_id", architecture == Architecture.Roberta ? 1 : 0),
            InitializerRange = reader.Positive("initializer_range", 0.02f),
            Task = task,
            Labels = labels,
            Scaling = task == TaskKind.Regression ? reader.Scaling(OwnSection, labels.Count) : null,
            Source = (JsonObject)json.DeepClone(),
        };
        if (config.HiddenSize % config.Heads != 0)
            throw reader.Error($"hidden_size {config.HiddenSize} is not a multiple of num_attention_heads {config.Heads}");
        if (config.MaxTokens < 3)
            throw reader.Error($"max_position_embeddings {config.PositionRows} leaves no room for a molecule and its two end tokens");
        return config;
    }

    /// <summary>The longest molecule in tokens: what was asked for, or what the position table holds.</summary>
    /// <exception cref="InputException">More is asked for than the table holds, or too little for a molecule.</exception>
    public int TokenLimit(int? asked)
    {
        if (asked is null) return MaxTokens;
        return asked >= 3 && asked <= MaxTokens ? asked.Value
            : throw new InputException($"--max-tokens {asked}: expected a number from 3 to {MaxTokens}, what the model's position table holds");
    }

    /// <summary>Refuses a tokenizer that has more tokens than the network has rows for.</summary>
    public void RequireFit(Tokenizer tokenizer, string folder)
    {
        if (tokenizer.VocabularySize > VocabularySize)
        {
            throw new InputException(
                $"{folder}: the tokenizer has ids up to {tokenizer.VocabularySize - 1}, but config.json's vocab_size is {VocabularySize}");
        }
    }

    /// <summary>This network with another head.</summary>
    public ModelConfig WithHead(TaskKind task, IReadOnlyList<string> labels, TargetScaling? scaling) =>
        this with { Task = task, Labels = labels, Scaling = scaling };

    /// <summary>This network with one rate for all its dropouts.</summary>
    public ModelConfig WithDropout(float rate) => this with { HiddenDropout = rate, AttentionDropout = rate, ClassifierDropout = rate };

    /// <summary>Writes config.json into a folder, so that `transformers` loads it.</summary>
    public void Save(string folder, HeadKind head) => AtomicFile.WriteText(
        Path.Combine(folder, "config.json"), Json(head).ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");

    /// <summary>What <see cref="Save"/> writes.</summary>
    internal JsonObject Json(HeadKind head)
    {
        JsonObject json = (JsonObject)Source.DeepClone();
        string family = Architecture switch { Architecture.Bert => "Bert", Architecture.Roberta => "Roberta", _ => "Albert" };
        string kind = head switch { HeadKind.Molecule => "ForSequenceClassification", HeadKind.MaskedToken => "ForMaskedLM", _ => "Model" };
        json["architectures"] = new JsonArray(family + kind);
        json["model_type"] = ModelType;
        json["torch_dtype"] = "float32";
        json["hidden_dropout_prob"] = HiddenDropout;
        json["attention_probs_dropout_prob"] = AttentionDropout;
        json[Architecture == Architecture.Albert ? "classifier_dropout_prob" : "classifier_dropout"] = ClassifierDropout;
        string[] ofTheHead = ["problem_type", "id2label", "label2id", "num_labels", "_num_labels", "finetuning_task", OwnSection];
        foreach (string name in ofTheHead) json.Remove(name);
        if (head == HeadKind.Molecule)
        {
            json["problem_type"] = ProblemTypeOf(Task!.Value);
            json["id2label"] = new JsonObject(Labels.Select(static (label, i) => KeyValuePair.Create($"{i}", (JsonNode?)label)));
            json["label2id"] = new JsonObject(Labels.Select(static (label, i) => KeyValuePair.Create(label, (JsonNode?)i)));
            if (Scaling is not null)
            {
                json[OwnSection] = new JsonObject
                {
                    ["target_mean"] = new JsonArray([.. Scaling.Mean.Select(static x => (JsonNode?)x)]),
                    ["target_deviation"] = new JsonArray([.. Scaling.Deviation.Select(static x => (JsonNode?)x)]),
                };
            }
        }
        return json;
    }
}
