using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;

namespace SmilesBert.Benchmarking;

/// <summary>The sizes of an encoder that is timed: a RoBERTa with 512 positions, dropout 0.1 and a head of seven classes.</summary>
/// <param name="Layers">L.</param>
/// <param name="Hidden">C.</param>
/// <param name="Heads">NH.</param>
/// <param name="FeedForward">F.</param>
/// <param name="Vocabulary">V.</param>
public readonly record struct NetworkSize(int Layers, int Hidden, int Heads, int FeedForward, int Vocabulary = 600)
{
    /// <summary>Positions of the table: RoBERTa's first two are never read.</summary>
    internal const int PositionRows = 514;

    /// <summary>K: classes of the head.</summary>
    internal const int Classes = 7;

    /// <summary>Such as "3 x 384, 12 heads, FFN 464".</summary>
    public override string ToString() => $"{Layers} x {Hidden}, {Heads} heads, FFN {FeedForward}";

    /// <summary>The network as a checkpoint's configuration.</summary>
    internal ModelConfig Config()
    {
        JsonObject json = new()
        {
            ["model_type"] = "roberta",
            ["num_hidden_layers"] = Layers,
            ["hidden_size"] = Hidden,
            ["num_attention_heads"] = Heads,
            ["intermediate_size"] = FeedForward,
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = PositionRows,
            ["type_vocab_size"] = 1,
        };
        string[] labels = [.. Enumerable.Range(0, Classes).Select(static k => $"{k}")];
        return ModelConfig.Parse(json, "benchmark").WithHead(TaskKind.SingleLabel, labels, scaling: null);
    }
}
