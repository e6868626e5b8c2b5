using SmilesBert.Model;

namespace SmilesBert.Training;

/// <summary>How often a pretrained model names the token that was masked.</summary>
/// <param name="Hits">Tokens recovered: the most probable entry was the right one.</param>
/// <param name="Tokens">Tokens masked.</param>
/// <param name="Loss">The mean cross-entropy, in nats.</param>
/// <param name="Commonest">Tokens that naming the commonest one always would have recovered.</param>
public readonly record struct RecoveryScore(long Hits, long Tokens, double Loss, long Commonest)
{
    /// <summary>The share recovered.</summary>
    public double Top1 => Tokens == 0 ? 0 : (double)Hits / Tokens;

    /// <summary>The share that naming the commonest token always would have recovered.</summary>
    public double Baseline => Tokens == 0 ? 0 : (double)Commonest / Tokens;
}

/// <summary>
/// Masks every token of every molecule in turn (never [CLS], [SEP] or another special one) and asks the model for it.
/// </summary>
public sealed class MaskedRecovery
{
    private const int TokensPerBatch = 2048, MoleculesPerBatch = 64;

    private readonly ModelFolder folder;
    private readonly MaskedTokenHead head;
    private readonly Batch batch;
    private readonly int maskId, capacity;
    private readonly List<int[]> pending = [];
    private readonly List<int> places = [], answers = [];
    private readonly Dictionary<int, long> counts = [];
    private readonly float[] logits;
    private int tokens;
    private long hits;
    private double loss;

    /// <param name="folder">A model opened with <see cref="HeadKind.MaskedToken"/>.</param>
    /// <exception cref="InputException">Its tokenizer has no mask token.</exception>
    public MaskedRecovery(ModelFolder folder)
    {
        this.folder = folder;
        maskId = folder.Tokenizer.MaskId ?? throw new InputException($"{folder.Path}: the tokenizer has no mask token");
        BertModel model = folder.Model;
        head = (MaskedTokenHead)model.Head!;
        capacity = Math.Max(TokensPerBatch, model.Config.MaxTokens);
        model.Allocate(capacity, MoleculesPerBatch);
        batch = new Batch(model.Ops, capacity, MoleculesPerBatch, model.Config.FirstPosition);
        logits = new float[MoleculesPerBatch * head.Outputs];
    }

    /// <summary>Masks the molecule's tokens and asks for them.</summary>
    /// <param name="molecule">Token ids, [CLS] and [SEP] included.</param>
    public void Add(int[] molecule)
    {
        for (int i = 0; i < molecule.Length; i++)
        {
            if (folder.Tokenizer.SpecialIds.Contains(molecule[i])) continue;
            if (pending.Count == MoleculesPerBatch || tokens + molecule.Length > capacity) Run();
            int[] masked = [.. molecule];
            masked[i] = maskId;
            places.Add(tokens + i);
            answers.Add(molecule[i]);
            pending.Add(masked);
            tokens += molecule.Length;
        }
    }

    /// <summary>The score of all molecules so far.</summary>
    public RecoveryScore Score()
    {
        if (pending.Count > 0) Run();
        long total = counts.Values.Sum();
        return new RecoveryScore(hits, total, total == 0 ? 0 : loss / total, counts.Values.DefaultIfEmpty(0).Max());
    }

    private void Run()
    {
        batch.Pack(pending.ToArray());
        head.Select(places.ToArray());
        folder.Model.Forward(batch, Pass.Evaluation);
        int v = head.Outputs;
        Span<float> read = logits.AsSpan(0, pending.Count * v);
        folder.Model.Ops.Read(read, head.Logits);
        for (int i = 0; i < pending.Count; i++)
        {
            ReadOnlySpan<float> row = read.Slice(i * v, v);
            int best = Analysis.Probabilities.IndexOfLargest(row);
            if (best == answers[i]) hits++;
            double sum = 0;
            foreach (float logit in row) sum += Math.Exp(logit - row[best]);
            loss += row[best] + Math.Log(sum) - row[answers[i]];
            counts[answers[i]] = counts.GetValueOrDefault(answers[i]) + 1;
        }
        pending.Clear();
        places.Clear();
        answers.Clear();
        tokens = 0;
    }
}
