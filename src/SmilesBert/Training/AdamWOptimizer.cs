using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>AdamW over a model's whole arena, its two moments in the same layout, with the gradient clipped by its norm.</summary>
public sealed class AdamWOptimizer
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    private readonly IOps ops;
    private readonly ParameterTable parameters;
    private readonly TrainingOptions options;
    private readonly Floats norms, weightNorm;
    private readonly IReadback[] normReadbacks;                 // as norms: of the last two steps, by turns

    public AdamWOptimizer(BertModel model, TrainingOptions options)
    {
        ops = model.Ops;
        parameters = model.Parameters;
        this.options = options;
        FirstMoment = ops.AllocateFloats(parameters.Values.Length);
        SecondMoment = ops.AllocateFloats(parameters.Values.Length);
        norms = ops.AllocateFloats(2);
        normReadbacks = [ops.Readback(1), ops.Readback(1)];
        weightNorm = ops.AllocateFloats(1);
    }

    /// <summary>The running mean of the gradient, in the arena's layout.</summary>
    public Floats FirstMoment { get; }

    /// <summary>The running mean of its square.</summary>
    public Floats SecondMoment { get; }

    /// <summary>Sets the gradient to 0, before the first micro-batch of a step.</summary>
    public void Clear() => ops.Fill(parameters.Gradients, 0f);

    /// <summary>Changes the parameters by one step, unless its gradient, or that of the step before, holds what is no number.</summary>
    /// <param name="learningRate">The step's rate.</param>
    /// <param name="step">The step, from 0.</param>
    public void Step(float learningRate, int step)
    {
        float clip = options.Clip > 0 ? options.Clip : float.PositiveInfinity;
        Floats norm = norms.Slice(step % 2, 1), normBefore = norms.Slice((step + 1) % 2, 1);
        ops.Norm(norm, parameters.Gradients, parameters.Gradients.Length);
        ops.AdamW(
            parameters.Values, FirstMoment, SecondMoment, parameters.Gradients, norm, normBefore, parameters.Values.Length, parameters.DecayCount,
            new AdamWStep(learningRate, Beta1, Beta2, Epsilon, options.WeightDecay, clip, step + 1));
        normReadbacks[step % 2].Start(norm);
    }

    /// <summary>The gradient's norm in a step, the last or the one before, before clipping; waits for the device.</summary>
    public float GradientNorm(int step) => normReadbacks[step % 2].Finish()[0];

    /// <summary>The norm of all parameters as they stand; infinite or NaN where one of them is.</summary>
    public float WeightNorm()
    {
        ops.Norm(weightNorm, parameters.Values, parameters.Values.Length);
        Span<float> read = stackalloc float[1];
        ops.Read(read, weightNorm);
        return read[0];
    }
}
