using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>How a molecule's tokens become one vector.</summary>
public enum Pooling
{
    /// <summary>The last hidden state of the first token, before any pooler.</summary>
    Cls,

    /// <summary>The mean of the last hidden states over all tokens, [CLS] and [SEP] included.</summary>
    Mean,
}

/// <summary>
/// Runs a stream of molecules of any length through a model without dropout, in batches that fill memory taken once.
/// A molecule's result does not depend on which others share its batch.
/// </summary>
public sealed class Inference
{
    // What keeps a device busy, and is little beside the weights.
    private const int UsualTokens = 4096, UsualMolecules = 128;

    private readonly BertModel model;
    private readonly Batch batch;
    private readonly int tokenCapacity;
    private readonly int[][] pending;
    private readonly Floats pooled;

    /// <summary>For any number of molecules.</summary>
    /// <param name="model">The model; its activations are allocated here.</param>
    public Inference(BertModel model)
        : this(model, Math.Max(UsualTokens, model.Config.MaxTokens), UsualMolecules)
    {
    }

    /// <summary>In batches of a given size.</summary>
    /// <param name="model">The model; its activations are allocated here unless <paramref name="sharedBatch"/> is given.</param>
    /// <param name="tokens">The most tokens in a batch; at least the longest molecule's.</param>
    /// <param name="molecules">The most molecules in a batch.</param>
    /// <param name="sharedBatch">A batch of that capacity, when the model's memory is taken already.</param>
    public Inference(BertModel model, int tokens, int molecules, Batch? sharedBatch = null)
    {
        this.model = model;
        tokenCapacity = tokens;
        pending = new int[molecules][];
        if (sharedBatch is null) model.Allocate(tokens, molecules);
        batch = sharedBatch ?? new Batch(model.Ops, tokens, molecules, model.Config.FirstPosition);
        pooled = model.Ops.AllocateFloats(molecules * model.Config.HiddenSize);
    }

    /// <summary>The most molecules in a batch.</summary>
    public int MoleculeCapacity => pending.Length;

    /// <summary>
    /// Runs the molecules in order; each batch yields how many it held, after its forward pass.
    /// The results are read with <see cref="ReadLogits"/> and <see cref="ReadEmbeddings"/> before the next is asked for.
    /// </summary>
    public IEnumerable<int> Run(IEnumerable<int[]> molecules)
    {
        int count = 0, tokens = 0;
        foreach (int[] molecule in molecules)
        {
            if (count == pending.Length || tokens + molecule.Length > tokenCapacity)
            {
                Forward(count);
                yield return count;
                count = tokens = 0;
            }
            pending[count++] = molecule;
            tokens += molecule.Length;
        }
        if (count == 0) yield break;
        Forward(count);
        yield return count;
    }

    /// <summary>The head's logits of all molecules, (molecules, K).</summary>
    /// <param name="molecules">Their token ids.</param>
    /// <param name="batchDone">Told how many molecules each batch held.</param>
    /// <param name="stop">Ends it between two batches.</param>
    /// <exception cref="OperationCanceledException">Stopped between two batches.</exception>
    public float[] Logits(IReadOnlyCollection<int[]> molecules, CancellationToken stop = default, Action<int>? batchDone = null)
    {
        int outputs = model.Head!.Outputs, done = 0;
        float[] logits = new float[molecules.Count * outputs];
        foreach (int count in Run(molecules))
        {
            stop.ThrowIfCancellationRequested();
            ReadLogits(logits.AsSpan(done * outputs, count * outputs));
            done += count;
            batchDone?.Invoke(count);
        }
        return logits;
    }

    /// <summary>The embeddings of all molecules, (molecules, C).</summary>
    /// <param name="molecules">Their token ids.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="pooling">How tokens become one vector.</param>
    /// <param name="batchDone">Told how many molecules each batch held.</param>
    /// <param name="stop">Ends it between two batches.</param>
    /// <exception cref="InputException">A value is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two batches.</exception>
    public float[] Embeddings(IEnumerable<int[]> molecules, int count, Pooling pooling, CancellationToken stop = default, Action<int>? batchDone = null)
    {
        int c = model.Config.HiddenSize, done = 0;
        float[] embeddings = new float[count * c];
        foreach (int held in Run(molecules))
        {
            stop.ThrowIfCancellationRequested();
            ReadEmbeddings(embeddings.AsSpan(done * c, held * c), pooling);
            done += held;
            batchDone?.Invoke(held);
        }
        int bad = Array.FindIndex(embeddings, static value => !float.IsFinite(value));
        if (bad >= 0) throw new InputException($"the model's vector of molecule {(bad / c) + 1} holds {embeddings[bad]}, where a finite number is expected");
        return embeddings;
    }

    /// <summary>The last batch's logits, (molecules, K).</summary>
    public void ReadLogits(Span<float> logits) => model.Ops.Read(logits, model.Head!.Logits);

    /// <summary>The last batch's embeddings, (molecules, C).</summary>
    public void ReadEmbeddings(Span<float> embeddings, Pooling pooling)
    {
        int c = model.Config.HiddenSize;
        if (pooling == Pooling.Cls) model.Ops.GatherRows(pooled, model.LastHidden, batch.First, c);
        else model.Ops.MeanTokens(pooled, model.LastHidden, batch.Starts, batch.Molecules, c);
        model.Ops.Read(embeddings, pooled);
    }

    private void Forward(int count)
    {
        batch.Pack(pending.AsSpan(0, count));
        model.Forward(batch, Pass.Evaluation);
    }
}
