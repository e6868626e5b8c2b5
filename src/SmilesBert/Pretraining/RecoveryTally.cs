using SmilesBert.Analysis;

namespace SmilesBert.Pretraining;

/// <summary>Counts how many masked tokens a model recovers.</summary>
internal sealed class RecoveryTally
{
    private readonly Dictionary<int, long> counts = [];
    private long hits;
    private double loss;

    /// <summary>The score of all so far.</summary>
    public RecoveryScore Score
    {
        get
        {
            long total = counts.Values.Sum();
            return new RecoveryScore(hits, total, total == 0 ? 0 : loss / total, counts.Values.DefaultIfEmpty(0).Max());
        }
    }

    /// <summary>Runs a batch without dropout, counts it, and takes it out.</summary>
    /// <exception cref="InputException">A logit is not a finite number.</exception>
    public void Run(MaskedBatch batch)
    {
        batch.Forward(Model.Pass.Evaluation);
        ReadOnlySpan<float> logits = batch.ReadLogits();
        int v = logits.Length / batch.Answers.Length;
        for (int i = 0; i < batch.Answers.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * v, v);
            int best = Probabilities.IndexOfLargest(row), answer = batch.Answers[i];
            double sum = 0;
            foreach (float logit in row) sum += Math.Exp(logit - row[best]);
            if (!double.IsFinite(sum)) throw new InputException("the model's logits for a masked token are not finite numbers");
            loss += row[best] + Math.Log(sum) - row[answer];
            if (best == answer) hits++;
            counts[answer] = counts.GetValueOrDefault(answer) + 1;
        }
        batch.Clear();
    }
}
