using System.CommandLine;
using System.Globalization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>The options of a training, for the commands that train; their defaults are those of <see cref="TrainingOptions"/>.</summary>
internal sealed class TrainingChoices
{
    private static readonly TrainingOptions Usual = new();

    private readonly Option<int> epochs = OptionReader.Number("--epochs", "Passes over the training rows", Usual.Epochs, least: 1);
    private readonly Option<int> batchSize = OptionReader.Number("--batch-size", "Molecules per step", Usual.BatchSize, least: 1);
    private readonly Option<double> learningRate = OptionReader.Number(
        "--learning-rate", "AdamW's first learning rate, falling linearly to 0", Usual.LearningRate, leastExcluded: 0);
    private readonly Option<double> weightDecay = OptionReader.Number(
        "--weight-decay", "AdamW's decay of weights; none on biases and layer norms", Usual.WeightDecay, least: 0.0);
    private readonly Option<double> warmup = OptionReader.Number(
        "--warmup", "Steps in which the learning rate first rises from 0; below 1, a share of all steps", Usual.Warmup, least: 0.0);
    private readonly Option<double> clip = OptionReader.Number("--clip", "The gradient's largest norm; 0 leaves it as it is", Usual.Clip, least: 0.0);
    private readonly Option<string> shuffle = OptionReader.Word(
        "--shuffle", "Whether each epoch has an order of its own", "true or false", "true", "false");
    private readonly Option<int?> patience = OptionReader.Number(
        "--patience", "End after N epochs without a better validation score (default: all epochs run)", least: 1);

    /// <param name="drawn">What the seed decides, as the beginning of its sentence in the help.</param>
    public TrainingChoices(string drawn)
    {
        Seed = OptionReader.Value(
            "--seed", "N", $"{drawn} (default {Usual.Seed})", Usual.Seed, "a whole number of 0 or more",
            static text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null);
    }

    public Option<ulong> Seed { get; }

    /// <summary>All but the seed, which belongs to the run as a whole.</summary>
    public IEnumerable<Option> Options => [epochs, batchSize, learningRate, weightDecay, warmup, clip, shuffle, patience];

    /// <summary>What was given.</summary>
    public TrainingOptions Read(ParseResult given) => new()
    {
        Epochs = given.GetValue(epochs),
        BatchSize = given.GetValue(batchSize),
        LearningRate = (float)given.GetValue(learningRate),
        WeightDecay = (float)given.GetValue(weightDecay),
        Warmup = given.GetValue(warmup),
        Clip = (float)given.GetValue(clip),
        Shuffle = given.GetValue(shuffle) == "true",
        Patience = given.GetValue(patience),
        Seed = given.GetValue(Seed),
    };
}
