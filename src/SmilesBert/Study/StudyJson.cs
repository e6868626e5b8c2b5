using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;

namespace SmilesBert.Study;

/// <summary>A study's figures as study.json has them.</summary>
internal static class StudyJson
{
    public static JsonObject Of(StudyOptions options, IReadOnlyList<FormResult> forms, IReadOnlyList<string> findings) => new()
    {
        ["family"] = options.Table.Family,
        ["source"] = options.Table.Source,
        ["model"] = options.Model,
        ["molecules"] = options.Table.Molecules.Count,
        ["labels"] = Named(options.Table.Counts.Select(static count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value))),
        ["left_out"] = Named(options.Table.Dropped.Select(static dropped => KeyValuePair.Create(dropped.Reason, (JsonNode?)dropped.Count))),
        ["findings"] = new JsonArray([.. findings.Select(static finding => (JsonNode?)finding)]),
        ["forms"] = Named(forms.Select(static form => KeyValuePair.Create(form.Form.Name, (JsonNode?)Form(form)))),
    };

    private static JsonObject Form(FormResult form) => new()
    {
        ["task"] = ModelConfig.ProblemTypeOf(form.Data.Task),
        ["split"] = form.Form.Split == SplitKind.Group ? "group" : "random",
        ["rows"] = form.Data.Count,
        ["seeds"] = new JsonArray([.. form.Seeds.Select(static seed => (JsonNode?)Seed(seed))]),
    };

    private static JsonObject Seed(SeedOutcome seed) => new()
    {
        ["seed"] = seed.Seed,
        ["test_molecules_in_training"] = seed.SeenShare,
        ["test"] = Metrics(seed.Test),
        ["before"] = Separation(seed.Before),
        ["after"] = Separation(seed.After),
    };

    private static JsonObject Separation(Separation separation) => new()
    {
        ["two_components"] = Metrics(separation.Plane),
        ["full_width"] = Metrics(separation.Full),
    };

    private static JsonObject Metrics(IReadOnlyList<Metric> metrics) =>
        Named(metrics.Select(static metric => KeyValuePair.Create(metric.Name, (JsonNode?)metric.Value)));

    private static JsonObject Named(IEnumerable<KeyValuePair<string, JsonNode?>> members) => new(members);
}
