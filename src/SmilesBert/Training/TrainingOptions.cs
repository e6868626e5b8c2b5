using System.Globalization;

namespace SmilesBert.Training;

/// <summary>How a model is trained; the defaults are those of finetuning in the study that the project began with.</summary>
public sealed record TrainingOptions
{
    private const int MostAccumulated = 10_000;     // dropout's counters tell 65,536 micro-batches of a step apart

    /// <summary>Passes over the training split.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Molecules that go through the network together.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>How many such batches make one step: their gradients add up, and the loss is the mean over all of them.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The learning rate at the end of the warm-up, from where it falls linearly to 0.</summary>
    public float LearningRate { get; init; } = 2e-5f;

    /// <summary>AdamW's decay of weights; none on biases and layer norms.</summary>
    public float WeightDecay { get; init; } = 0.01f;

    /// <summary>Warm-up: a share of all steps when below 1, else a number of steps.</summary>
    public double Warmup { get; init; }

    /// <summary>The gradient's largest norm; 0 leaves it as it is.</summary>
    public float Clip { get; init; } = 1f;

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Epochs without a better validation score after which training ends; null never ends early.</summary>
    public int? Patience { get; init; }

    /// <summary>Steps after which a run is saved, so that no more are lost when it is killed; every epoch's end is saved too.</summary>
    public int SaveEvery { get; init; } = int.MaxValue;

    /// <summary>What all randomness is keyed by.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Molecules per step.</summary>
    public int MoleculesPerStep => BatchSize * Accumulation;

    /// <summary>Refuses numbers that no training can have.</summary>
    /// <exception cref="InputException">One is outside its range; the sentence names it.</exception>
    internal void RequireValid()
    {
        Require(Epochs >= 1, "--epochs", Epochs, "a whole number of 1 or more");
        Require(BatchSize >= 1, "--batch-size", BatchSize, "a whole number of 1 or more");
        Require(Accumulation is >= 1 and <= MostAccumulated, "--gradient-accumulation", Accumulation, $"a whole number from 1 to {MostAccumulated}");
        Require(BatchSize <= Array.MaxLength / Accumulation, "--batch-size", BatchSize, "fewer molecules in a step");
        Require(SaveEvery >= 1, "--save-every", SaveEvery, "a whole number of 1 or more");
        Require(LearningRate > 0 && float.IsFinite(LearningRate), "--learning-rate", LearningRate, "a number above 0");
        Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), "--weight-decay", WeightDecay, "a number of 0 or more");
        Require(Warmup >= 0 && double.IsFinite(Warmup), "--warmup", Warmup, "a share of the steps below 1, or a number of steps");
        Require(Clip >= 0 && float.IsFinite(Clip), "--clip", Clip, "a number of 0 or more");
        Require(Patience is null or >= 1, "--patience", Patience, "a whole number of 1 or more");

        static void Require(bool holds, string option, IFormattable? found, string expected)
        {
            if (!holds) throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option} {found}: expected {expected}"));
        }
    }
}
