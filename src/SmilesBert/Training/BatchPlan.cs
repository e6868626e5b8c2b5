using SmilesBert.Data;

namespace SmilesBert.Training;

/// <summary>
/// Which molecules each step of each epoch sees: a function of the seed and the epoch, so a resumed run sees what the uninterrupted one would.
/// The last step of an epoch may be smaller.
/// </summary>
public sealed class BatchPlan(IReadOnlyList<int> rows, TrainingOptions options)
{
    /// <summary>Steps in one epoch.</summary>
    public int StepsPerEpoch => (rows.Count + options.MoleculesPerStep - 1) / options.MoleculesPerStep;

    /// <summary>Steps in all epochs.</summary>
    public int Steps => StepsPerEpoch * options.Epochs;

    /// <summary>The rows of the data set that an epoch visits, in order.</summary>
    public int[] Epoch(int epoch)
    {
        if (!options.Shuffle) return [.. rows];
        return [.. Shuffle.Order(rows.Count, options.Seed, (uint)epoch).Select(place => rows[place])];
    }

    /// <summary>The part of an epoch's rows that one of its steps sees.</summary>
    /// <param name="rows">The epoch's rows.</param>
    /// <param name="step">The step within the epoch, from 0.</param>
    public ReadOnlySpan<int> StepRows(int[] rows, int step)
    {
        int from = step * options.MoleculesPerStep;
        return rows.AsSpan(from, Math.Min(options.MoleculesPerStep, rows.Length - from));
    }

    /// <summary>The most tokens in any batch of any epoch, so that memory can be taken once.</summary>
    /// <param name="lengths">Tokens of each row of the data set.</param>
    public int MostTokens(IReadOnlyList<int> lengths) =>
        Enumerable.Range(0, options.Epochs).Max(epoch => Epoch(epoch).Chunk(options.BatchSize).Max(batch => batch.Sum(row => lengths[row])));
}
