namespace SmilesBert.Gpu.Compiler;

/// <summary>One entry of the evaluation stack.</summary>
/// <param name="Leaves">The scalars of a value; of a reference, the one <see cref="Place"/> or address.</param>
/// <param name="IsReference">It is a managed reference.</param>
internal readonly record struct Operand(Value[] Leaves, bool IsReference = false)
{
    public Operand(Value value) : this([value]) { }

    public Value Scalar => Leaves[0].Current;
}
