using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>A tensor of the table as a checkpoint names it.</summary>
/// <param name="Name">The name in the checkpoint.</param>
/// <param name="Shape">Its sizes; weights of linear layers are (Out,In).</param>
/// <param name="Decay">Whether weight decay applies.</param>
/// <param name="Offset">Where it lies in the arena, in floats.</param>
/// <param name="Length">Its floats.</param>
public readonly record struct NamedTensor(string Name, IReadOnlyList<int> Shape, bool Decay, int Offset, int Length);

/// <summary>
/// All parameters of a model in one arena: slots with weight decay first, then those without. The gradients, and the optimizer's
/// moments, have the same layout, so zeroing is one fill, clipping one norm, the optimizer one pass, a checkpoint one loop.
/// </summary>
public sealed class ParameterTable
{
    // Every slot starts on 64 bytes: a cache line, and more than any kernel's widest access.
    private const int Alignment = 16;

    // The longest array, less what alignment may add.
    private const long MostParameters = 2_000_000_000;

    private readonly List<Parameter> parameters = [];
    private long declared;
    private NamedTensor[] tensors = [];

    /// <summary>The arena; empty until <see cref="Allocate"/>.</summary>
    public Floats Values { get; private set; }

    /// <summary>The gradients in the arena's layout; empty in a model that does not train.</summary>
    public Floats Gradients { get; private set; }

    /// <summary>Floats at the arena's beginning that weight decay applies to.</summary>
    public int DecayCount { get; private set; }

    /// <summary>Every tensor, in the order of declaration.</summary>
    public IReadOnlyList<NamedTensor> Tensors => tensors;

    /// <summary>Numbers that training changes.</summary>
    public long Count => tensors.Sum(static tensor => (long)tensor.Length);

    /// <summary>Declares a weight that decays.</summary>
    internal Parameter Weight(string name, params int[] shape) => Add(decay: true, [name], shape);

    /// <summary>Declares a bias, or a layer norm's scale or shift.</summary>
    internal Parameter Vector(string name, int size) => Add(decay: false, [name], [size]);

    /// <summary>Declares several weights of one shape that lie side by side, as one matrix.</summary>
    internal Parameter Weights(string[] names, params int[] shape) => Add(decay: true, names, shape);

    /// <summary>Declares several vectors of one size that lie side by side.</summary>
    internal Parameter Vectors(string[] names, int size) => Add(decay: false, names, [size]);

    /// <summary>Lays out everything declared and takes the memory: values, and gradients of a model that trains.</summary>
    internal void Allocate(IOps ops, bool training)
    {
        Dictionary<Parameter, int> offsets = [];
        int end = 0;
        foreach (bool decay in (bool[])[true, false])
        {
            foreach (Parameter parameter in parameters.Where(p => p.Decay == decay))
            {
                offsets.Add(parameter, end);
                end += (parameter.Length + Alignment - 1) / Alignment * Alignment;
            }
            if (decay) DecayCount = end;
        }

        Values = ops.AllocateFloats(end);
        Gradients = training ? ops.AllocateFloats(end) : default;
        foreach (Parameter parameter in parameters)
        {
            parameter.Value = Values.Slice(offsets[parameter], parameter.Length);
            if (training) parameter.Gradient = Gradients.Slice(offsets[parameter], parameter.Length);
        }
        tensors =
        [
            .. parameters.SelectMany(p => p.Names.Select((name, part) =>
                new NamedTensor(name, p.Shape, p.Decay, offsets[p] + (part * p.PartLength), p.PartLength)))
        ];
    }

    private Parameter Add(bool decay, string[] names, int[] shape)
    {
        const int MostDimensions = 2;                       // of at most 2^24 each: no overflow below
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shape.Length, MostDimensions);
        declared += names.Length * shape.Aggregate(1L, static (product, size) => product * size);
        if (declared > MostParameters)
            throw new InputException($"the model has more than {MostParameters} parameters, the most that one arena holds");
        Parameter parameter = new(decay, shape, names);
        parameters.Add(parameter);
        return parameter;
    }
}
