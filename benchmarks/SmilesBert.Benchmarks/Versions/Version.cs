using System.Globalization;

namespace SmilesBert.Benchmarks.Versions;

/// <summary>One way to compute an operation, numbered in the order of the ideas.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Idea">What it does that the version before does not.</param>
/// <param name="Threads">Threads that it computes with.</param>
/// <param name="Call">Computes it.</param>
internal sealed record Version(int Number, string Idea, int Threads, Action Call)
{
    /// <summary>Of what size, relative to an operand, is what rounding it loses; 0 where floats stay floats.</summary>
    public double Rounding { get; init; }

    /// <summary>What is thrown where a version's result is not that of double precision.</summary>
    public InvalidOperationException Wrong(int place, float actual, double expected) => new(string.Create(
        CultureInfo.InvariantCulture, $"version {Number}, {Idea}: element {place} is {actual:R}, in double precision {expected:R}"));
}
