using System.Text.Json.Nodes;
using SmilesBert.Model;
using SmilesBert.Tokenization;

namespace SmilesBert.Pretraining;

/// <summary>BERTs of three sizes, of BERT's proportions: heads of 64, a feed-forward layer four times as wide, 512 positions.</summary>
public static class ModelPreset
{
    private const int HeadSize = 64, Positions = 512;

    private static readonly (string Name, int Layers, int Hidden)[] Sizes = [("tiny", 2, 128), ("small", 4, 256), ("base", 12, 768)];

    /// <summary>Their names, the smallest first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Sizes.Select(static size => size.Name)];

    /// <summary>The configuration of a preset for a tokenizer.</summary>
    /// <exception cref="InputException">There is no such preset.</exception>
    public static ModelConfig Config(string name, Tokenizer tokenizer)
    {
        (_, int layers, int hidden) = Sizes.FirstOrDefault(size => size.Name == name);
        if (layers == 0) throw new InputException($"there is no preset '{name}'; expected {string.Join(", ", Names)}");
        return ModelConfig.Parse(
            new JsonObject
            {
                ["model_type"] = "bert",
                ["vocab_size"] = tokenizer.VocabularySize,
                ["hidden_size"] = hidden,
                ["num_hidden_layers"] = layers,
                ["num_attention_heads"] = hidden / HeadSize,
                ["intermediate_size"] = 4 * hidden,
                ["hidden_act"] = "gelu",
                ["hidden_dropout_prob"] = 0.1,
                ["attention_probs_dropout_prob"] = 0.1,
                ["max_position_embeddings"] = Positions,
                ["type_vocab_size"] = 2,
                ["initializer_range"] = 0.02,
                ["layer_norm_eps"] = 1e-12,
                ["pad_token_id"] = tokenizer.PadId,
                ["position_embedding_type"] = "absolute",
            },
            $"preset {name}");
    }
}
