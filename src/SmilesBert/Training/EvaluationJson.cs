using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Data;

namespace SmilesBert.Training;

/// <summary>An evaluation as metrics.json and `evaluate` write it.</summary>
public static class EvaluationJson
{
    /// <summary>
    /// Rows, loss and every figure, per class, label or target too; those that are undefined are null and their reasons stand under "undefined".
    /// </summary>
    public static JsonObject Of(Evaluation evaluation, Dataset data)
    {
        JsonObject json = new() { ["rows"] = evaluation.Rows.Count, ["loss"] = evaluation.Loss };
        JsonObject undefined = [];
        foreach (Metric metric in evaluation.Metrics)
        {
            json[metric.Name] = metric.Value;
            if (metric.Value is null) undefined[metric.Name] = metric.Undefined;
        }
        if (undefined.Count > 0) json["undefined"] = undefined;

        if (evaluation.SingleLabel is { } single)
        {
            json["classes"] = ByName(data, k => new JsonObject
            {
                ["precision"] = single.PerClass[k].Precision,
                ["recall"] = single.PerClass[k].Recall,
                ["f1"] = single.PerClass[k].F1,
                ["roc_auc"] = single.PerClass[k].RocAuc,
                ["pr_auc"] = single.PerClass[k].PrAuc,
                ["support"] = single.PerClass[k].Support,
            });
        }
        else if (evaluation.MultiLabel is { } multi)
        {
            json["labels"] = ByName(data, k => new JsonObject
            {
                ["roc_auc"] = multi.PerLabel[k].RocAuc,
                ["pr_auc"] = multi.PerLabel[k].PrAuc,
                ["f1"] = multi.PerLabel[k].F1,
                ["positives"] = multi.PerLabel[k].Positives,
                ["labelled"] = multi.PerLabel[k].Labelled,
            });
        }
        else if (evaluation.Regression is { } regression)
        {
            json["targets"] = ByName(data, k => new JsonObject
            {
                ["rmse"] = regression.PerTarget[k].Rmse,
                ["mae"] = regression.PerTarget[k].Mae,
                ["r2"] = regression.PerTarget[k].R2,
                ["labelled"] = regression.PerTarget[k].Labelled,
            });
        }
        return json;
    }

    private static JsonObject ByName(Dataset data, Func<int, JsonObject> of) =>
        new(data.Labels.Select((name, k) => KeyValuePair.Create(name, (JsonNode?)of(k))));
}
