using SmilesBert.Analysis;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>Keeps what a training says, and lets a test act in the middle of one.</summary>
internal sealed class RecordingLog : ITrainingLog
{
    /// <summary>Stops the run that this is the log of, as a signal would.</summary>
    public CancellationTokenSource Stop { get; } = new();

    public List<string> Messages { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<StepRecord> Steps { get; } = [];

    public List<ReportFacts> Facts { get; } = [];

    public List<(int Epoch, string Split, IScored Evaluation, bool IsBest)> Evaluations { get; } = [];

    /// <summary>Called after each step, before a stop is looked for.</summary>
    public Action<RecordingLog, StepRecord>? OnStep { get; init; }

    /// <summary>Called after each epoch's evaluation, before the state is saved.</summary>
    public Action<int>? OnEvaluated { get; init; }

    public void Header(IReadOnlyList<ReportFacts> facts) => Facts.AddRange(facts);

    public void Warning(string line) => Warnings.Add(line);

    public void Message(string line) => Messages.Add(line);

    public void Step(StepRecord step, int totalSteps, TrainingProgress progress)
    {
        Steps.Add(step);
        OnStep?.Invoke(this, step);
    }

    public void Evaluated(int epoch, string split, IScored evaluation, bool isBest)
    {
        Evaluations.Add((epoch, split, evaluation, isBest));
        OnEvaluated?.Invoke(epoch);
    }
}
