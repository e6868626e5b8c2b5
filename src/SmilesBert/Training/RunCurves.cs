using System.Text.Json;
using System.Text.Json.Nodes;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Training;

/// <summary>A run's history as a picture: curves.svg.</summary>
internal static class RunCurves
{
    public const string Caption = "The loss of each training step, and the validation part after each epoch.";

    /// <param name="folder">The run, with its history.</param>
    /// <param name="stepsPerEpoch">Steps in one epoch.</param>
    /// <param name="metric">The metric that the second panel follows, as the history names it.</param>
    /// <param name="metricName">As people write it.</param>
    /// <param name="bestEpoch">The epoch that was kept, where one was chosen.</param>
    public static string Draw(RunFolder folder, int stepsPerEpoch, string metric, string metricName, int? bestEpoch)
    {
        List<float> losses = [];
        List<EpochEvaluation> evaluations = [];
        foreach ((float? loss, EpochEvaluation? evaluation) in folder.History(Read))
        {
            if (loss is { } step) losses.Add(step);
            if (evaluation is { } epoch) evaluations.Add(epoch);
        }
        return new LearningCurves
        {
            TrainLoss = losses,
            StepsPerEpoch = stepsPerEpoch,
            Evaluations = evaluations,
            MetricName = metricName,
            BestEpoch = bestEpoch,
        }.Draw();

        (float? Loss, EpochEvaluation? Evaluation) Read(JsonObject line)
        {
            if (line["step"] is not null) return ((float?)line["loss"] ?? throw new JsonException("a step without a loss"), null);
            if ((string?)line["split"] != "validation") return (null, null);
            int epoch = (int?)line["epoch"] ?? throw new JsonException("an evaluation without an epoch");
            return (null, new EpochEvaluation(epoch, (double?)line["loss"], (double?)line[metric]));
        }
    }
}
