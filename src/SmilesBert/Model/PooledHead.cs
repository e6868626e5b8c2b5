using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>
/// A molecule's logits from its first token: linear to C and tanh, then linear to K.
/// BERT and ALBERT call the first half the pooler and drop after it; RoBERTa drops before it too.
/// </summary>
internal sealed class PooledHead : Head
{
    private readonly ModelConfig config;
    private readonly IOps ops;
    private readonly Parameter dense, denseBias, output, outputBias;
    private readonly bool dropsInput;                       // RoBERTa's extra dropout
    private Floats first, pooled, activated;                // (B,C) each: X, before tanh, after tanh and dropout
    private Floats dPooled, dFirst;                         // (B,C)

    public PooledHead(ModelConfig config, IOps ops, ParameterTable table)
    {
        this.config = config;
        this.ops = ops;
        dropsInput = config.Architecture == Architecture.Roberta;
        (string pooler, string classifier) = config.Architecture switch
        {
            Architecture.Bert => ("bert.pooler.dense", "classifier"),
            Architecture.Albert => ("albert.pooler", "classifier"),
            _ => ("classifier.dense", "classifier.out_proj"),
        };
        int c = config.HiddenSize;
        dense = table.Weight(pooler + ".weight", c, c);
        denseBias = table.Vector(pooler + ".bias", c);
        output = table.Weight(classifier + ".weight", Outputs, c);
        outputBias = table.Vector(classifier + ".bias", Outputs);
    }

    public override int Outputs => config.Labels.Count;

    internal override void Allocate(int tokens, int molecules, int masked, bool training)
    {
        int size = molecules * config.HiddenSize;
        first = ops.AllocateFloats(size);
        activated = ops.AllocateFloats(size);
        Logits = ops.AllocateFloats(molecules * Outputs);
        if (!training) return;
        pooled = ops.AllocateFloats(size);
        dPooled = ops.AllocateFloats(size);
        dFirst = ops.AllocateFloats(size);
        LogitsGradient = ops.AllocateFloats(molecules * Outputs);
    }

    internal override void Forward(Floats hidden, Batch batch, Pass pass)
    {
        int b = batch.Molecules, c = config.HiddenSize;
        ops.GatherRows(first, hidden, batch.First, c);
        if (dropsInput && pass.Training) ops.Dropout(first, first, b * c, InputDropout(pass));
        ops.LinearActivationForward(activated, pooled, first, dense.Value, denseBias.Value, b, c, c, ActivationKind.Tanh);
        if (pass.Training) ops.Dropout(activated, activated, b * c, OutputDropout(pass));
        ops.LinearForward(Logits, activated, output.Value, outputBias.Value, b, c, Outputs);
    }

    internal override void Backward(Floats dHidden, Batch batch, Pass pass)
    {
        int b = batch.Molecules, c = config.HiddenSize;
        ops.LinearBackwardParams(output.Gradient, outputBias.Gradient, LogitsGradient, activated, b, c, Outputs);
        ops.LinearBackwardInput(dPooled, LogitsGradient, output.Value, b, c, Outputs, accumulate: false);
        if (pass.Training) ops.Dropout(dPooled, dPooled, b * c, OutputDropout(pass));
        ops.ActivationBackward(dPooled, dPooled, pooled, b * c, ActivationKind.Tanh);
        ops.LinearBackwardParams(dense.Gradient, denseBias.Gradient, dPooled, first, b, c, c);
        ops.LinearBackwardInput(dFirst, dPooled, dense.Value, b, c, c, accumulate: false);
        if (dropsInput && pass.Training) ops.Dropout(dFirst, dFirst, b * c, InputDropout(pass));
        ops.Fill(dHidden.Slice(0, batch.Tokens * c), 0f);
        ops.GatherRowsBackward(dHidden, dFirst, batch.First, c);
    }

    private Dropout InputDropout(Pass pass) => pass.At(config.ClassifierDropout, Sites.HeadInput(config.Layers));

    private Dropout OutputDropout(Pass pass) =>
        pass.At(config.ClassifierDropout, dropsInput ? Sites.HeadOutput(config.Layers) : Sites.HeadInput(config.Layers));
}
