using ILGPU;
using ILGPU.Runtime;
using SmilesBert.Gpu;
using SmilesBert.Kernels;
using Device = SmilesBert.Gpu.Device;

namespace SmilesBert.Ops.Gpu;

/// <summary>
/// The ops page on a device that runs kernels: a graphics card, or the simulator of one. Each operation is the launch of its kernels;
/// memory handles are stretches of the device's buffers, opened as views.
/// </summary>
/// <param name="device">The device; it is disposed with this.</param>
/// <param name="precision">Of matrix products and attention: other than fp32, they run on tensor cores, which ILGPU's devices do not reach.</param>
public sealed class KernelOps(Device device, Precision precision = Precision.Fp32) : IOps
{
    private readonly TensorLinear.Format? format = precision switch
    {
        Precision.Fp32 => null,
        Precision.Tf32 => TensorLinear.Format.TensorFloat32,
        Precision.Bf16 => TensorLinear.Format.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };

    private readonly RoundedWeights rounded = new(device);

    private Floats scratch;

    public Precision Precision => precision;

    public bool RunsBehind => true;

    public string Description => format is null ? device.Description : $"{device.Description}, {precision.Name()}";

    // ---- Memory ----------------------------------------------------------------------------------------------------

    public Floats AllocateFloats(int length) => new(device.Allocate<float>(length), 0, length);

    public Ints AllocateInts(int length) => new(device.Allocate<int>(length), 0, length);

    public void Write(Floats y, ReadOnlySpan<float> source)
    {
        if (source.IsEmpty) return;
        Floats part = y.Slice(0, source.Length);
        rounded.Changed(part);
        Buffer(part).Write((int)part.Offset, source);
    }

    public void Write(Ints y, ReadOnlySpan<int> source)
    {
        if (source.IsEmpty) return;
        Ints part = y.Slice(0, source.Length);
        Buffer(part).Write((int)part.Offset, source);
    }

    public void Read(Span<float> destination, Floats x)
    {
        if (destination.IsEmpty) return;
        Floats part = x.Slice(0, destination.Length);
        Buffer(part).Read(destination, (int)part.Offset);
    }

    public IReadback Readback(int capacity) => new KernelReadback(device.Readback(capacity));

    private sealed class KernelReadback(DeviceReadback readback) : IReadback
    {
        public void Start(Floats x) => readback.Start(Buffer(x), (int)x.Offset, x.Length);

        public ReadOnlySpan<float> Finish() => readback.Finish();
    }

    public void Fill(Floats y, float value) => Kernels.Fill.Forward(device, new(Written(y), y.Length, value));

    public void Dispose() => device.Dispose();

    private static DeviceBuffer<float> Buffer(Floats x) => (DeviceBuffer<float>)x.Memory!;

    private static DeviceBuffer<int> Buffer(Ints x) => (DeviceBuffer<int>)x.Memory!;

    /// <summary>A stretch that a kernel writes: every output of every operation is opened here, so that no copy of weights outlives them.</summary>
    private ArrayView1D<float, Stride1D.Dense> Written(Floats y)
    {
        rounded.Changed(y);
        return View(y);
    }

    private static ArrayView1D<float, Stride1D.Dense> View(Floats x) => x.IsEmpty ? default : Buffer(x).View.SubView(x.Offset, (long)x.Length);

    private static ArrayView1D<int, Stride1D.Dense> View(Ints x) => x.IsEmpty ? default : Buffer(x).View.SubView(x.Offset, (long)x.Length);

    /// <summary>
    /// Some floats of anything, kept from call to call: only a call that needs more than all before allocates. Launches run in order,
    /// so one stretch serves all kernels.
    /// </summary>
    private Floats Scratch(int length)
    {
        if (scratch.Length < length) scratch = AllocateFloats(length);
        return scratch;
    }

    // ---- Embeddings ------------------------------------------------------------------------------------------------

    public void EmbeddingForward(Floats y, Floats word, Floats position, Floats tokenType, RowIndex words, RowIndex positions, int c) =>
        Embedding.Forward(device, new(Written(y), View(word), View(position), View(tokenType), View(words.Rows), View(positions.Rows), words.Count, c));

    public void GatherRows(Floats y, Floats table, RowIndex index, int c) =>
        Embedding.Gather(device, new(Written(y), View(table), View(index.Rows), index.Count, c));

    public void GatherRowsBackward(Floats dTable, Floats dy, RowIndex index, int c) =>
        Embedding.Backward(device, new(Written(dTable), View(dy), View(index.Distinct), View(index.Starts), View(index.Places), index.DistinctCount, c));

    public void SumRows(Floats dRow, Floats dy, int n, int c) => Kernels.SumRows.Forward(device, new(Written(dRow), View(dy), n, c));

    public void MeanTokens(Floats y, Floats x, Ints starts, int b, int c) => Kernels.MeanTokens.Forward(device, new(Written(y), View(x), View(starts), b, c));

    // ---- Linear ----------------------------------------------------------------------------------------------------

    public void LinearForward(Floats y, Floats x, Floats w, Floats bias, int n, int @in, int @out) =>
        Forward(new(Written(y), default, View(x), View(w), View(bias), n, @in, @out, Activation.Kind.None), w);

    public void LinearActivationForward(Floats y, Floats pre, Floats x, Floats w, Floats bias, int n, int @in, int @out, ActivationKind kind) =>
        Forward(new(Written(y), Written(pre), View(x), View(w), View(bias), n, @in, @out, Kind(kind)), w);

    private void Forward(in Linear.ForwardArgs args, Floats w)
    {
        if (format is not { } tensor)
        {
            Linear.Forward(device, args);
            return;
        }
        ArrayView1D<ushort, Stride1D.Dense> weights = rounded.Of(w);
        TensorLinear.Forward(device, new(args, weights, Parts(args.N, args.Out, args.In), FormatWith(weights, tensor)));
    }

    public void LinearBackwardInput(Floats dx, Floats dy, Floats w, int n, int @in, int @out, bool accumulate) =>
        BackwardInput(new(Written(dx), View(dy), View(w), default, n, @in, @out, accumulate ? 1 : 0, Activation.Kind.None), w);

    public void LinearActivationBackwardInput(Floats dx, Floats dy, Floats w, Floats pre, int n, int @in, int @out, ActivationKind kind) =>
        BackwardInput(new(Written(dx), View(dy), View(w), View(pre), n, @in, @out, 0, Kind(kind)), w);

    private void BackwardInput(in Linear.BackwardInputArgs args, Floats w)
    {
        if (format is not { } tensor)
        {
            Linear.BackwardInput(device, args);
            return;
        }
        ArrayView1D<ushort, Stride1D.Dense> weights = rounded.Of(w);
        TensorLinear.BackwardInput(device, new(args, weights, Parts(args.N, args.In, args.Out), FormatWith(weights, tensor)));
    }

    private static TensorLinear.Format FormatWith(ArrayView1D<ushort, Stride1D.Dense> weights, TensorLinear.Format tensor) =>
        weights.Length > 0 ? TensorLinear.Format.BFloat16Weights : tensor;

    public void LinearBackwardParams(Floats dw, Floats dBias, Floats dy, Floats x, int n, int @in, int @out)
    {
        Linear.BackwardParamsArgs args = new(Written(dw), Written(dBias), View(dy), View(x), n, @in, @out);
        if (format is { } tensor) TensorLinear.BackwardParams(device, new(args, Parts(@out, @in, n), tensor));
        else Linear.BackwardParams(device, args);
    }

    // Where the sums of a product that is done in parts meet.
    private ArrayView1D<float, Stride1D.Dense> Parts(int rows, int columns, int depth)
    {
        int length = TensorLinear.PartsLength(rows, columns, depth);
        return length == 0 ? default : View(Scratch(length).Slice(0, length));
    }

    // ---- Attention -------------------------------------------------------------------------------------------------

    public void AttentionForward(
        Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout)
    {
        Attention.ForwardArgs args = new(Written(o), Written(logSumExp), View(qkv), View(starts), b, heads, headSize, scale, Mask(dropout));
        if (format is { } tensor) TensorAttention.Forward(device, new(args, tensor));
        else Attention.Forward(device, args);
    }

    public void AttentionBackward(
        Floats dqkv, Floats dO, Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout)
    {
        Attention.BackwardArgs args = new(
            Written(dqkv), View(Scratch(logSumExp.Length)), View(dO), View(o), View(logSumExp), View(qkv), View(starts), b, heads, headSize, scale, Mask(dropout));
        if (format is { } tensor) TensorAttention.Backward(device, new(args, tensor));
        else Attention.Backward(device, args);
    }

    // ---- Layer norm, dropout, activations --------------------------------------------------------------------------

    public void LayerNormForward(Floats y, Floats mean, Floats rstd, Floats x, Floats gamma, Floats beta, int n, int c, float epsilon) =>
        LayerNorm.Forward(device, new(Written(y), Written(mean), Written(rstd), View(x), View(gamma), View(beta), n, c, epsilon));

    public void ResidualLayerNormForward(
        Floats y, Floats s, Floats mean, Floats rstd, Floats x, Floats residual, Floats gamma, Floats beta, int n, int c, float epsilon, Dropout dropout) =>
        LayerNorm.ResidualForward(device, new(
            Written(y), Written(s), Written(mean), Written(rstd), View(x), View(residual), View(gamma), View(beta), n, c, epsilon, Mask(dropout)));

    public void LayerNormBackward(
        Floats dx, Floats dGamma, Floats dBeta, Floats dy, Floats x, Floats gamma, Floats mean, Floats rstd, int n, int c) =>
        LayerNorm.Backward(device, new(
            Written(dx), default, Written(dGamma), Written(dBeta), View(dy), View(x), View(gamma), View(mean), View(rstd), n, c, default));

    public void ResidualLayerNormBackward(
        Floats dx, Floats dResidual, Floats dGamma, Floats dBeta, Floats dy, Floats s, Floats gamma, Floats mean, Floats rstd, int n, int c, Dropout dropout) =>
        LayerNorm.Backward(device, new(
            Written(dResidual), Written(dx), Written(dGamma), Written(dBeta), View(dy), View(s), View(gamma), View(mean), View(rstd), n, c, Mask(dropout)));

    public void Dropout(Floats y, Floats x, int count, Dropout dropout) => Kernels.Dropout.Forward(device, new(Written(y), View(x), count, Mask(dropout)));

    public void ActivationBackward(Floats dx, Floats dy, Floats x, int count, ActivationKind kind) =>
        Activation.Backward(device, new(Written(dx), View(dy), View(x), count, Kind(kind)));

    private static Activation.Kind Kind(ActivationKind kind) => kind switch
    {
        ActivationKind.Gelu => Activation.Kind.Gelu,
        ActivationKind.GeluTanh => Activation.Kind.GeluTanh,
        ActivationKind.Relu => Activation.Kind.Relu,
        ActivationKind.Tanh => Activation.Kind.Tanh,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static DropoutMask Mask(Dropout dropout) =>
        new(dropout.Rate, dropout.Scale, (uint)dropout.Seed, (uint)(dropout.Seed >> 32), dropout.Step, dropout.SiteWord);

    // ---- Losses ----------------------------------------------------------------------------------------------------

    public void CrossEntropy(Floats loss, Floats dx, Floats x, Ints labels, Floats weights, int rows, int k) =>
        Kernels.CrossEntropy.Forward(device, new(Written(loss), Written(dx), View(x), View(labels), View(weights), rows, k));

    public void BinaryCrossEntropy(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        Kernels.BinaryCrossEntropy.Forward(device, new(Written(loss), Written(dx), View(x), View(targets), View(weights), rows, k));

    public void SquaredError(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        Kernels.SquaredError.Forward(device, new(Written(loss), Written(dx), View(x), View(targets), View(weights), rows, k));

    // ---- Optimizer -------------------------------------------------------------------------------------------------

    public void Norm(Floats norm, Floats x, int count) =>
        Kernels.Norm.Forward(device, new(Written(norm), View(Scratch(Kernels.Norm.PartsLength)), View(x), count));

    public void AdamW(Floats value, Floats m, Floats v, Floats grad, Floats norm, Floats normBefore, int count, int decayCount, AdamWStep step) =>
        Kernels.AdamW.Forward(device, new(
            Written(value), Written(m), Written(v), Rounded(value.Slice(0, count)), View(grad), View(norm), View(normBefore), count, decayCount,
            step.LearningRate, step.Beta1, step.Beta2, step.Epsilon, step.WeightDecay, step.MaxGradientNorm, step.Correction1, step.Correction2));

    private ArrayView1D<ushort, Stride1D.Dense> Rounded(Floats values) => precision == Precision.Bf16 ? rounded.Refreshed(values) : default;
}
