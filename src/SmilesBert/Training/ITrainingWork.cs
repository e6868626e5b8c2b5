using SmilesBert.Model;

namespace SmilesBert.Training;

/// <summary>What a kind of training computes in a step and after an epoch; <see cref="Trainer"/> is the loop around it.</summary>
public interface ITrainingWork
{
    /// <summary>The model that learns.</summary>
    BertModel Model { get; }

    /// <summary>The rows that an epoch visits.</summary>
    IReadOnlyList<int> Rows { get; }

    /// <summary>
    /// Adds a step's gradient to the model's: forward, loss and backward of all its rows, in as many micro-batches as it takes. Whatever it draws is
    /// a function of its arguments and the seed. The device may still be at it when this returns.
    /// </summary>
    /// <param name="rows">The step's rows.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step, counted from the run's first, from 0.</param>
    StepWork Step(ReadOnlySpan<int> rows, int epoch, int step);

    /// <summary>The mean loss of a step, the last or the one before; waits for the device.</summary>
    float Loss(int step);

    /// <summary>What the model as it stands is worth on rows that it does not learn from; null where there are none.</summary>
    /// <exception cref="OperationCanceledException">Stopped between two batches.</exception>
    IScored? Validate(CancellationToken stop);

    /// <summary>Rows as a message names them: "rows 3, 17 of data.csv".</summary>
    string Describe(ReadOnlySpan<int> rows);
}
