namespace SmilesBert.Ops;

/// <summary>The element-wise functions that the supported networks use.</summary>
public enum ActivationKind
{
    /// <summary>x * Phi(x), Phi the normal distribution function (erf form): "gelu" in a config.json.</summary>
    Gelu,

    /// <summary>x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))): "gelu_new".</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>The hyperbolic tangent, of poolers and RoBERTa's head.</summary>
    Tanh,
}
