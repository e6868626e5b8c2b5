using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;

namespace SmilesBert.Training;

/// <summary>What a finetuned head's logits mean to people.</summary>
public sealed class Predictor(ModelConfig config)
{
    /// <summary>How the outputs stand in a CSV.</summary>
    public PredictionColumns Columns { get; } = new(config.Task!.Value, config.Labels);

    /// <summary>Logits (rows, K) to probabilities, or to values in the targets' units, in place.</summary>
    public void Interpret(Span<float> logits)
    {
        switch (config.Task)
        {
            case TaskKind.SingleLabel:
                Probabilities.Softmax(logits, logits, config.Labels.Count);
                break;
            case TaskKind.MultiLabel:
                Probabilities.Sigmoid(logits, logits);
                break;
            default:
                for (int i = 0; i < logits.Length; i++) logits[i] = (float)config.Scaling!.Undo(i % config.Labels.Count, logits[i]);
                break;
        }
    }
}
