namespace SmilesBert.Analysis;

/// <summary>One figure of an evaluation. A figure that the rows cannot give is null, and says why.</summary>
/// <param name="Name">As in metrics.json: "macro_f1".</param>
/// <param name="Value">Null where undefined.</param>
/// <param name="Undefined">Why there is no value; null where there is one.</param>
public readonly record struct Metric(string Name, double? Value, string? Undefined)
{
    /// <summary>The name as people write it: "macro F1", "ROC-AUC".</summary>
    public string Label => Name
        .Replace("roc_auc", "ROC-AUC", StringComparison.Ordinal).Replace("pr_auc", "PR-AUC", StringComparison.Ordinal)
        .Replace("f1", "F1", StringComparison.Ordinal).Replace("r2", "R²", StringComparison.Ordinal)
        .Replace("mcc", "MCC", StringComparison.Ordinal).Replace("rmse", "RMSE", StringComparison.Ordinal).Replace("mae", "MAE", StringComparison.Ordinal)
        .Replace('_', ' ');

    /// <summary>The value, or the reason for there being none.</summary>
    internal static Metric Of(string name, double? value, string reason) => new(name, value, value is null ? reason : null);

    /// <summary>The mean of those that are defined (scikit-learn's macro average, over the labels that occur); undefined where none is.</summary>
    internal static Metric MeanOf(string name, IEnumerable<double?> values, string reason)
    {
        double sum = 0;
        int count = 0;
        foreach (double? value in values)
        {
            if (value is null) continue;
            sum += value.Value;
            count++;
        }
        return Of(name, count == 0 ? null : sum / count, reason);
    }
}
