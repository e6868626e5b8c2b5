using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>What the headers of all trainings say alike.</summary>
internal static class RunFacts
{
    public static ReportFacts Program(BertModel model) => new("Program",
    [
        ("version", ProgramVersion.Text),
        ("device", model.Ops.Description),
        ("precision", model.Ops.Precision.Name()),
    ]);

    public static IEnumerable<(string Name, string Value)> Network(BertModel model)
    {
        ModelConfig config = model.Config;
        yield return ("network", Text($"{config.Architecture.ToString().ToLowerInvariant()}, {config.Layers} layers x {config.HiddenSize}, ")
            + Text($"{config.Heads} heads, feed-forward {config.FeedForwardSize}"));
        yield return ("parameters", Text($"{model.Parameters.Count:N0}"));
        yield return ("dropout", Text($"hidden {config.HiddenDropout}, attention {config.AttentionDropout}, head {config.ClassifierDropout}"));
    }

    public static IEnumerable<(string Name, string Value)> Training(TrainingOptions training)
    {
        string order = training.Shuffle ? "shuffled" : "in order", patience = training.Patience is { } p ? Text($", ended after {p} without gain") : "";
        string steps = training.Accumulation > 1 ? Text($"; {training.Accumulation} of them make a step") : "";
        yield return ("seed", Text($"{training.Seed}"));
        yield return ("epochs", Text($"{training.Epochs}, {order}{patience}"));
        yield return ("batch", Text($"{training.BatchSize} molecules, packed without padding{steps}"));
        yield return ("optimizer", Text($"AdamW, learning rate {training.LearningRate:0.######e0}, weight decay {training.WeightDecay}, clipping {training.Clip}"));
        yield return ("schedule", Text($"linear to 0, warm-up {training.Warmup}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
