using System.Runtime.InteropServices;
using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Pretraining;

/// <summary>Masked molecules on their way through a model, a batch at a time: training, held-out evaluation and `evaluate` take this one way.</summary>
internal sealed class MaskedBatch
{
    private readonly BertModel model;
    private readonly IOps ops;
    private readonly MaskedTokenHead head;
    private readonly Batch batch;
    private readonly int tokenCapacity, moleculeCapacity, maskedCapacity;
    private readonly List<int[]> molecules = [];
    private readonly List<int> places = [], answers = [];
    private readonly Ints labels;
    private readonly Floats weights, losses;
    private readonly float[] weight, logits;

    /// <param name="model">A model with a masked-token head; its memory is taken here.</param>
    /// <param name="tokens">The most tokens in a batch.</param>
    /// <param name="molecules">The most molecules.</param>
    /// <param name="masked">The most tokens that are asked for.</param>
    public MaskedBatch(BertModel model, int tokens, int molecules, int masked)
    {
        this.model = model;
        ops = model.Ops;
        head = (MaskedTokenHead)model.Head!;
        (tokenCapacity, moleculeCapacity, maskedCapacity) = (tokens, molecules, masked);
        model.Allocate(tokens, molecules, masked);
        batch = new Batch(ops, tokens, molecules, model.Config.FirstPosition);
        labels = ops.AllocateInts(masked);
        weights = ops.AllocateFloats(masked);
        losses = ops.AllocateFloats(masked);
        weight = new float[masked];
        logits = new float[masked * head.Outputs];
    }

    /// <summary>Whether there is no molecule in it.</summary>
    public bool IsEmpty => molecules.Count == 0;

    /// <summary>Its tokens.</summary>
    public int Tokens { get; private set; }

    /// <summary>What is asked for, in the order of the logits.</summary>
    public ReadOnlySpan<int> Answers => CollectionsMarshal.AsSpan(answers);

    /// <summary>Whether there is room for one more.</summary>
    public bool Fits(MaskedMolecule molecule) =>
        molecules.Count < moleculeCapacity && Tokens + molecule.Ids.Length <= tokenCapacity && places.Count + molecule.Places.Length <= maskedCapacity;

    /// <summary>Puts a molecule behind the others.</summary>
    public void Add(MaskedMolecule molecule)
    {
        foreach (int place in molecule.Places) places.Add(Tokens + place);
        answers.AddRange(molecule.Answers);
        molecules.Add(molecule.Ids);
        Tokens += molecule.Ids.Length;
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        molecules.Clear();
        places.Clear();
        answers.Clear();
        Tokens = 0;
    }

    /// <summary>The logits of what is asked for.</summary>
    public void Forward(Pass pass)
    {
        batch.Pack(CollectionsMarshal.AsSpan(molecules));
        head.Select(CollectionsMarshal.AsSpan(places));
        model.Forward(batch, pass);
    }

    /// <summary>The cross-entropies over <paramref name="total"/>, still on the device; writes the logits' gradient.</summary>
    /// <param name="total">Tokens that the whole step asks for, of which this batch may have a part: the step's loss is the mean over them.</param>
    public Floats Loss(int total)
    {
        Span<float> batchWeights = weight.AsSpan(0, answers.Count);
        batchWeights.Fill((float)(1.0 / total));
        ops.Write(weights, batchWeights);
        ops.Write(labels, Answers);
        ops.CrossEntropy(losses, head.LogitsGradient, head.Logits, labels, weights, answers.Count, head.Outputs);
        return losses.Slice(0, answers.Count);
    }

    /// <summary>Adds to the gradients; the pass is that of <see cref="Forward"/>.</summary>
    public void Backward(Pass pass) => model.Backward(batch, pass);

    /// <summary>(asked for, V) the logits of the last forward pass.</summary>
    public ReadOnlySpan<float> ReadLogits()
    {
        Span<float> read = logits.AsSpan(0, answers.Count * head.Outputs);
        ops.Read(read, head.Logits);
        return read;
    }
}
