using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>
/// One slot of the <see cref="ParameterTable"/>: a stretch of the arena, and the same stretch of the gradients.
/// Usually one tensor; the query, key and value projections share a slot, so that one product serves all three.
/// </summary>
public sealed class Parameter
{
    internal Parameter(bool decay, int[] shape, string[] names)
    {
        Decay = decay;
        Shape = shape;
        Names = names;
        PartLength = shape.Aggregate(1, static (product, size) => product * size);
    }

    /// <summary>The tensors' names as in the checkpoint, in the order they lie in.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The shape of each tensor.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Whether weight decay applies: to weights, not to biases and layer norms.</summary>
    public bool Decay { get; }

    /// <summary>Floats in each tensor.</summary>
    public int PartLength { get; }

    /// <summary>Floats in the slot.</summary>
    public int Length => PartLength * Names.Count;

    /// <summary>The values; empty until the table is allocated.</summary>
    public Floats Value { get; internal set; }

    /// <summary>The gradient, in the same layout; empty in a model that does not train.</summary>
    public Floats Gradient { get; internal set; }
}
