using SmilesBert.Analysis;

namespace SmilesBert.Training;

/// <summary>One training step, as history.jsonl records it.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Of the step's batch, before the step.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="LearningRate">Of the step.</param>
public readonly record struct StepRecord(int Step, int Epoch, float Loss, float GradientNorm, float LearningRate);

/// <summary>Who is told how a training goes.</summary>
public interface ITrainingLog
{
    /// <summary>What is about to run.</summary>
    void Header(IReadOnlyList<ReportFacts> facts);

    /// <summary>Something that the user should know before believing the results.</summary>
    void Warning(string line);

    /// <summary>Something worth a line.</summary>
    void Message(string line);

    /// <summary>A step is done.</summary>
    void Step(StepRecord step, int totalSteps, TrainingProgress progress);

    /// <summary>An epoch's evaluation is done.</summary>
    void Evaluated(int epoch, string split, IScored evaluation, bool isBest);
}
