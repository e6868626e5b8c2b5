namespace SmilesBert.Weights;

/// <summary>What a checkpoint says of one tensor before any of its values are read. Two are equal when their contents are.</summary>
/// <param name="Name">As the checkpoint writes it.</param>
/// <param name="Type">Of each element.</param>
/// <param name="Shape">Row-major; empty for a scalar.</param>
public sealed record TensorInfo(string Name, DType Type, long[] Shape)
{
    /// <summary>The product of the shape: 1 for a scalar. A shape of none may hold sizes whose product alone would overflow.</summary>
    public long Elements => Shape.Contains(0) ? 0 : Shape.Aggregate(1L, (product, size) => checked(product * size));

    public bool Equals(TensorInfo? other) =>
        other is not null && Name == other.Name && Type == other.Type && Shape.AsSpan().SequenceEqual(other.Shape);

    public override int GetHashCode() => HashCode.Combine(Name, Type, Shape.Length, Elements);
}
