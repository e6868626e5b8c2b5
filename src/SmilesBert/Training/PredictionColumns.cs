using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Data;

namespace SmilesBert.Training;

/// <summary>
/// How a head's outputs stand in a CSV: single-label prediction and probability_CLASS..., multi-label probability_LABEL...,
/// regression prediction_TARGET...
/// Numbers are written so that they read back to the same float.
/// </summary>
public sealed class PredictionColumns(TaskKind task, IReadOnlyList<string> labels)
{
    /// <summary>The columns' names.</summary>
    public IEnumerable<string> Names => task switch
    {
        TaskKind.SingleLabel => ["prediction", .. labels.Select(static label => "probability_" + label)],
        TaskKind.MultiLabel => labels.Select(static label => "probability_" + label),
        _ => labels.Select(static label => "prediction_" + label),
    };

    /// <summary>The fields of one molecule.</summary>
    /// <param name="outputs">(K) probabilities, or values.</param>
    public IEnumerable<string> Fields(ReadOnlySpan<float> outputs)
    {
        IEnumerable<string> numbers = outputs.ToArray().Select(Number);
        return task == TaskKind.SingleLabel ? numbers.Prepend(labels[Probabilities.IndexOfLargest(outputs)]) : numbers;
    }

    /// <summary>The columns' names of what is true: target, or target_LABEL...</summary>
    public IEnumerable<string> TargetNames => task == TaskKind.SingleLabel ? ["target"] : labels.Select(static label => "target_" + label);

    /// <summary>The fields of what is true of a row; empty where unknown.</summary>
    public IEnumerable<string> TargetFields(Dataset data, int row) =>
        task == TaskKind.SingleLabel
            ? [labels[data.Classes[row]]]
            : data.Targets.AsSpan(row * labels.Count, labels.Count).ToArray().Select(static value => float.IsNaN(value) ? "" : Number(value));

    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
