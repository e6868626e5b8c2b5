namespace SmilesBert.Analysis;

/// <summary>What a run's report says; <see cref="RunReport"/> says how. All text is plain and escaped there.</summary>
public sealed record RunReportContent
{
    /// <summary>"superclass from Compound.csv".</summary>
    public required string Title { get; init; }

    /// <summary>The result in a sentence or two.</summary>
    public required string Summary { get; init; }

    /// <summary>What the reader must know before believing the figures: labels that never occur, molecules truncated.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The metrics, with their baselines beside them.</summary>
    public IReadOnlyList<ReportScores> Scores { get; init; } = [];

    /// <summary>Learning curves, then confusion matrix, parity plot or bars.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    /// <summary>The worst mistakes, and others.</summary>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>What was run: options, data, split, device, seed, parameters.</summary>
    public IReadOnlyList<ReportFacts> Facts { get; init; } = [];
}
