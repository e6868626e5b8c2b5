using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Training;

namespace SmilesBert.Pretraining;

/// <summary>How often a pretrained model names the token that was masked.</summary>
/// <param name="Hits">Tokens recovered: the most probable entry was the right one.</param>
/// <param name="Tokens">Tokens masked.</param>
/// <param name="Loss">The mean cross-entropy, in nats.</param>
/// <param name="Commonest">Tokens that naming the commonest one always would have recovered.</param>
public readonly record struct RecoveryScore(long Hits, long Tokens, double Loss, long Commonest) : IScored
{
    /// <summary>The share recovered.</summary>
    public double Top1 => Tokens == 0 ? 0 : (double)Hits / Tokens;

    /// <summary>The share that naming the commonest token always would have recovered.</summary>
    public double Baseline => Tokens == 0 ? 0 : (double)Commonest / Tokens;

    /// <inheritdoc/>
    public IReadOnlyList<Metric> Metrics => [new("top1_recovery", Top1, null), new("commonest_token_rate", Baseline, null)];

    double? IScored.Loss => Loss;

    // The loss sees more than the hits do: a token that becomes likelier counts before it is the likeliest.
    double IScored.Score => -Loss;

    /// <summary>As metrics.json and `evaluate` write it.</summary>
    /// <param name="molecules">Molecules that the tokens are of.</param>
    public JsonObject ToJson(long molecules)
    {
        JsonObject json = new() { ["molecules"] = molecules, ["masked_tokens"] = Tokens, ["loss"] = Loss };
        foreach (Metric metric in Metrics) json[metric.Name] = metric.Value;
        return json;
    }
}
