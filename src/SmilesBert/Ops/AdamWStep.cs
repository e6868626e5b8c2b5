namespace SmilesBert.Ops;

/// <summary>
/// The numbers of one AdamW step (Loshchilov and Hutter, 2019, as PyTorch computes it).
/// </summary>
/// <param name="LearningRate">This step's learning rate.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the corrected second moment.</param>
/// <param name="WeightDecay">Decoupled decay of the first <see cref="IOps.AdamW"/> decayCount values.</param>
/// <param name="MaxGradientNorm">The gradient is scaled down to this norm when it is longer; infinity leaves it as it is.</param>
/// <param name="Step">The step's number, from 1: the moments' corrections are 1 - beta^step.</param>
public readonly record struct AdamWStep(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, float MaxGradientNorm, int Step)
{
    public float Correction1 => (float)(1 - Math.Pow(Beta1, Step));
    public float Correction2 => (float)(1 - Math.Pow(Beta2, Step));
}
