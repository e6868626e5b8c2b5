using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>What stands on the encoder: hidden states to logits, and back.</summary>
public abstract class Head
{
    /// <summary>The logits of the last forward pass: a row of <see cref="Outputs"/> per molecule (or per place to recover).</summary>
    public Floats Logits { get; protected set; }

    /// <summary>Where the loss writes the logits' gradient; empty in a model that does not train.</summary>
    public Floats LogitsGradient { get; protected set; }

    /// <summary>K: logits per row.</summary>
    public abstract int Outputs { get; }

    /// <summary>Takes memory for batches of at most so many tokens, molecules and masked tokens.</summary>
    internal abstract void Allocate(int tokens, int molecules, int masked, bool training);

    internal abstract void Forward(Floats hidden, Batch batch, Pass pass);

    /// <summary>Writes dHidden (N,C) with = from <see cref="LogitsGradient"/>.</summary>
    internal abstract void Backward(Floats dHidden, Batch batch, Pass pass);
}
