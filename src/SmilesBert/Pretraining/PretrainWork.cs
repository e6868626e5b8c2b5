using SmilesBert.Model;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Pretraining;

/// <summary>Masked recovery: tokens hidden anew each epoch, the loss over those alone, and the recovery of held-out molecules' tokens.</summary>
internal sealed class PretrainWork : ITrainingWork
{
    private readonly PretrainData data;
    private readonly Masking masking;
    private readonly TrainingOptions options;
    private readonly MoleculeEncoder? writings;
    private readonly MaskedBatch batch;
    private readonly StepLosses losses;

    /// <param name="model">The model, with gradients; its memory is taken here.</param>
    /// <param name="data">The molecules.</param>
    /// <param name="masking">What is asked for.</param>
    /// <param name="options">The run's numbers.</param>
    /// <param name="writings">Encodes other writings of the molecules; null trains on them as they are written.</param>
    public PretrainWork(BertModel model, PretrainData data, Masking masking, TrainingOptions options, MoleculeEncoder? writings)
    {
        Model = model;
        this.data = data;
        this.masking = masking;
        this.options = options;
        this.writings = writings;

        // What the first epoch needs. A later epoch's batch that needs more is run in two, which changes nothing about the step's mean.
        // Of another writing nothing is known but its limit.
        int[] order = new BatchPlan(data.Train, options).Epoch(0);
        int[] lengths = [.. data.Molecules.Select(static molecule => molecule.Length)], counts = [.. data.Molecules.Select(masking.Count)];
        int longest = writings is null ? lengths.Max() : data.TokenLimit;
        int mostMasked = Math.Max(Most(counts), Masking.Count(longest));
        batch = new MaskedBatch(model, Math.Max(Most(lengths), longest), Math.Min(options.BatchSize, order.Length), mostMasked);
        losses = new StepLosses(model.Ops, mostMasked);

        int Most(int[] sizes) => order.Chunk(options.BatchSize).Max(part => part.Sum(row => sizes[row]));
    }

    public BertModel Model { get; }

    public IReadOnlyList<int> Rows => data.Train;

    public StepWork Step(ReadOnlySpan<int> rows, int epoch, int step)
    {
        MaskedMolecule[] molecules = new MaskedMolecule[rows.Length];
        for (int i = 0; i < rows.Length; i++) molecules[i] = masking.Draw(Written(rows[i], epoch), rows[i], epoch);
        int masked = molecules.Sum(static molecule => molecule.Places.Length), tokens = molecules.Sum(static molecule => molecule.Ids.Length);

        losses.Begin(step);
        uint micro = 0;
        foreach (MaskedMolecule molecule in molecules)
        {
            if (!batch.Fits(molecule)) Run();
            batch.Add(molecule);
        }
        Run();
        return new StepWork(masked, tokens);

        void Run()
        {
            Pass pass = new(Training: true, options.Seed, (uint)step, micro++);
            batch.Forward(pass);
            losses.Add(step, batch.Loss(masked));
            batch.Backward(pass);
            batch.Clear();
        }
    }

    public float Loss(int step) => losses.Sum(step);

    public IScored? Validate(CancellationToken stop) => data.HeldOut.Length == 0 ? null : Recovery(stop);

    /// <summary>The recovery of held-out tokens, hidden the same way each time.</summary>
    public RecoveryScore Recovery(CancellationToken stop)
    {
        RecoveryTally tally = new();
        foreach (int row in data.HeldOut)
        {
            stop.ThrowIfCancellationRequested();
            MaskedMolecule molecule = masking.Hide(data.Molecules[row], row);
            if (!batch.Fits(molecule)) tally.Run(batch);
            batch.Add(molecule);
        }
        tally.Run(batch);
        return tally.Score;
    }

    public string Describe(ReadOnlySpan<int> rows) =>
        $"rows {string.Join(", ", rows.ToArray().Select(row => data.Corpus.Rows[row]))} of {data.Corpus.Source}";

    // As the epoch writes it; a writing whose every token is unknown could not be learned from.
    private int[] Written(int row, int epoch)
    {
        if (writings is null) return data.Molecules[row];
        int[] ids = writings.Encode(RandomWriting.Of(data.Corpus.Smiles[row], row, epoch, options.Seed), data.Corpus.Rows[row]);
        return masking.Count(ids) > 0 ? ids : data.Molecules[row];
    }
}
