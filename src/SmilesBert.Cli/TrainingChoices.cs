using System.CommandLine;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>The options of a training, for the commands that train.</summary>
internal sealed class TrainingChoices
{
    private readonly TrainingOptions usual;
    private readonly Option<int> epochs, batchSize, accumulation;
    private readonly Option<double> learningRate, weightDecay, warmup, clip;
    private readonly Option<string> shuffle = OptionReader.Word(
        "--shuffle", "Whether each epoch has an order of its own", "true or false", "true", "false");
    private readonly Option<int?> patience = OptionReader.Number(
        "--patience", "End after N epochs without a better validation score (default: all epochs run)", least: 1);

    /// <param name="drawn">What the seed decides, as the beginning of its sentence in the help.</param>
    /// <param name="usual">The defaults.</param>
    public TrainingChoices(string drawn, TrainingOptions usual)
    {
        this.usual = usual;
        epochs = OptionReader.Number("--epochs", "Passes over the training rows", usual.Epochs, least: 1);
        batchSize = OptionReader.Number("--batch-size", "Molecules that go through the network together", usual.BatchSize, least: 1);
        accumulation = OptionReader.Number(
            "--gradient-accumulation", "How many such batches make one step; the loss is the mean over all of them", usual.Accumulation, least: 1);
        learningRate = OptionReader.Number(
            "--learning-rate", "AdamW's largest learning rate, from which it falls linearly to 0", usual.LearningRate, leastExcluded: 0);
        weightDecay = OptionReader.Number(
            "--weight-decay", "AdamW's decay of weights; none on biases and layer norms", usual.WeightDecay, least: 0.0);
        warmup = OptionReader.Number(
            "--warmup", "Steps in which the learning rate first rises from 0; below 1, a share of all steps", usual.Warmup, least: 0.0);
        clip = OptionReader.Number("--clip", "The gradient's largest norm; 0 leaves it as it is", usual.Clip, least: 0.0);
        Seed = SharedOptions.Seed(drawn);
    }

    public Option<ulong> Seed { get; }

    /// <summary>All but the seed, which belongs to the run as a whole.</summary>
    public IEnumerable<Option> Options => [epochs, batchSize, accumulation, learningRate, weightDecay, warmup, clip, shuffle, patience];

    /// <summary>What was given.</summary>
    public TrainingOptions Read(ParseResult given) => usual with
    {
        Epochs = given.GetValue(epochs),
        BatchSize = given.GetValue(batchSize),
        Accumulation = given.GetValue(accumulation),
        LearningRate = (float)given.GetValue(learningRate),
        WeightDecay = (float)given.GetValue(weightDecay),
        Warmup = given.GetValue(warmup),
        Clip = (float)given.GetValue(clip),
        Shuffle = given.GetValue(shuffle) == "true",
        Patience = given.GetValue(patience),
        Seed = given.GetValue(Seed),
    };
}
