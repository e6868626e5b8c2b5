using SmilesBert.Analysis;
using SmilesBert.Data;

namespace SmilesBert.Training;

/// <summary>A model's outputs on some rows of a data set, and what they are worth.</summary>
public sealed class Evaluation : IScored
{
    private Evaluation(IReadOnlyList<int> rows, double? loss, float[] outputs)
    {
        Rows = rows;
        Loss = loss;
        Outputs = outputs;
    }

    /// <summary>The data set's rows, in order.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The objective's mean over them; null when none has a label.</summary>
    public double? Loss { get; }

    /// <summary>(rows, K) probabilities, or values in the targets' units.</summary>
    public float[] Outputs { get; }

    /// <summary>The details of a single-label task; null for others.</summary>
    public SingleLabelMetrics? SingleLabel { get; private init; }

    /// <summary>The details of a multi-label task; null for others.</summary>
    public MultiLabelMetrics? MultiLabel { get; private init; }

    /// <summary>The details of a regression; null for others.</summary>
    public RegressionMetrics? Regression { get; private init; }

    /// <summary>Every figure of the task.</summary>
    public IReadOnlyList<Metric> Metrics => SingleLabel?.All ?? MultiLabel?.All ?? Regression!.All;

    /// <summary>What the best epoch has most of: accuracy, macro ROC-AUC, or the negative loss where there is neither.</summary>
    public double Score
    {
        get
        {
            string? name = SingleLabel is not null ? "accuracy" : MultiLabel is not null ? "macro_roc_auc" : null;
            double? figure = name is null ? null : Metrics.First(metric => metric.Name == name).Value;
            return figure ?? -(Loss ?? double.MaxValue);
        }
    }

    /// <summary>Runs the model over the rows.</summary>
    /// <param name="inference">The model's batches.</param>
    /// <param name="objective">The loss.</param>
    /// <param name="predictor">What the logits mean.</param>
    /// <param name="data">The data set.</param>
    /// <param name="molecules">The token ids of each of its rows.</param>
    /// <param name="rows">The rows to evaluate.</param>
    /// <param name="batchDone">Told how many rows each batch held.</param>
    /// <param name="stop">Ends it between two batches.</param>
    /// <exception cref="InputException">An output is not a finite number.</exception>
    public static Evaluation Of(
        Inference inference, Objective objective, Predictor predictor, Dataset data, IReadOnlyList<int[]> molecules, IReadOnlyList<int> rows,
        CancellationToken stop = default, Action<int>? batchDone = null)
    {
        float[] outputs = inference.Logits([.. rows.Select(row => molecules[row])], stop, batchDone);
        int bad = Array.FindIndex(outputs, static logit => !float.IsFinite(logit));
        if (bad >= 0)
        {
            long row = data.Rows[rows[bad / data.Labels.Count]];
            throw new InputException($"the model's output for row {row} of {data.Source} is {outputs[bad]}, where a finite number is expected");
        }
        double? loss = objective.Loss(rows, outputs);
        predictor.Interpret(outputs);
        int k = data.Labels.Count;
        return data.Task switch
        {
            TaskKind.SingleLabel => new Evaluation(rows, loss, outputs)
            {
                SingleLabel = SingleLabelMetrics.Compute(outputs, [.. rows.Select(row => data.Classes[row])], k),
            },
            TaskKind.MultiLabel => new Evaluation(rows, loss, outputs) { MultiLabel = MultiLabelMetrics.Compute(outputs, Targets(data, rows), k) },
            _ => new Evaluation(rows, loss, outputs) { Regression = RegressionMetrics.Compute(outputs, Targets(data, rows), k) },
        };
    }

    /// <summary>(rows, K) the targets of some rows.</summary>
    public static float[] Targets(Dataset data, IReadOnlyList<int> rows)
    {
        int k = data.Labels.Count;
        float[] targets = new float[rows.Count * k];
        for (int r = 0; r < rows.Count; r++) data.Targets.AsSpan(rows[r] * k, k).CopyTo(targets.AsSpan(r * k));
        return targets;
    }
}
