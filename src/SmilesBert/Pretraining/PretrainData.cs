using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Tokenization;

namespace SmilesBert.Pretraining;

/// <summary>A corpus in tokens, divided into what is trained on and what is held out.</summary>
internal sealed class PretrainData
{
    /// <param name="corpus">The molecules.</param>
    /// <param name="encoder">Their tokens.</param>
    /// <param name="masking">What can be asked for.</param>
    /// <param name="options">The share that is held out, and the seed that deals it out.</param>
    /// <param name="stop">Ends it between two molecules.</param>
    /// <exception cref="InputException">A molecule is too long and long ones are refused, or nothing is left to train on.</exception>
    public PretrainData(Corpus corpus, MoleculeEncoder encoder, Masking masking, PretrainOptions options, CancellationToken stop)
    {
        Corpus = corpus;
        Report = encoder.Report;
        TokenLimit = encoder.Limit;
        int[][] molecules = new int[corpus.Smiles.Count][];
        for (int i = 0; i < molecules.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            molecules[i] = encoder.Encode(corpus.Smiles[i], corpus.Rows[i]);
        }
        Molecules = molecules;

        int[] usable = [.. Enumerable.Range(0, molecules.Length).Where(row => masking.Count(molecules[row]) > 0)];
        Unknown = molecules.Length - usable.Length;
        if (usable.Length == 0) throw new InputException($"the vocabulary knows no token of any molecule of {corpus.Source}");
        if (options.HeldOut == 0)
        {
            Train = usable;
            HeldOut = [];
            return;
        }
        string[] names = new string[usable.Length];
        for (int i = 0; i < names.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            names[i] = DatasetBuilder.NameOf(corpus.Smiles[usable[i]]);
        }
        int[][] parts = SplitDealer.ByGroup(names, corpus.Source, [1 - options.HeldOut, options.HeldOut, 0], options.Training.Seed);
        Train = [.. parts[0].Select(place => usable[place])];
        HeldOut = [.. parts[1].Select(place => usable[place])];
    }

    public Corpus Corpus { get; }

    /// <summary>What was encoded, and what was lost in doing so.</summary>
    public TokenizationReport Report { get; }

    /// <summary>The longest molecule in tokens that the model reads.</summary>
    public int TokenLimit { get; }

    /// <summary>The token ids of each molecule of the corpus.</summary>
    public IReadOnlyList<int[]> Molecules { get; }

    /// <summary>Molecules that are in neither part, for the vocabulary knows none of their tokens.</summary>
    public int Unknown { get; }

    /// <summary>The rows to train on, ascending.</summary>
    public int[] Train { get; }

    /// <summary>The rows to evaluate on, ascending: all writings of a molecule are on one side.</summary>
    public int[] HeldOut { get; }

    /// <summary>Operations of an epoch of training; other writings of the molecules are taken to be as long.</summary>
    public double FlopsPerEpoch(ModelConfig config, Masking masking) =>
        Train.Sum(row => ModelFlops.OfTraining(config, Molecules[row].Length, masking.Count(Molecules[row])));
}
