using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>
/// Every operation of the ops page at the sizes that one batch gives it in a network's training step. Enumerated, so that the memory of one
/// operation can go before the next takes its own.
/// <para>N tokens, B molecules, C hidden size, F feed-forward size, NH heads, V vocabulary, K classes.</para>
/// </summary>
internal sealed partial class Operations
{
    private const double MaskedShare = 0.15;        // of the tokens, in pretraining
    private const float Epsilon = 1e-12f;
    private const float DropoutRate = 0.1f;

    private readonly IOps ops;
    private readonly NetworkSize size;
    private readonly int[] ids, places, starts;     // (N) (N) (B+1)
    private readonly int n, b, c, f, parameters, decaying;
    private Operands operands = null!;

    /// <param name="ops">The device.</param>
    /// <param name="size">The network.</param>
    /// <param name="molecules">The batch: token ids by molecule.</param>
    /// <param name="parameters">Floats in the network's arena of parameters.</param>
    /// <param name="decaying">Those of them, at the beginning, that weight decay applies to.</param>
    public Operations(IOps ops, NetworkSize size, int[][] molecules, int parameters, int decaying)
    {
        this.ops = ops;
        this.size = size;
        this.parameters = parameters;
        this.decaying = decaying;
        ids = [.. molecules.SelectMany(static molecule => molecule)];
        places = [.. molecules.SelectMany(static molecule => Enumerable.Range(0, molecule.Length))];
        starts = new int[molecules.Length + 1];
        for (int i = 0; i < molecules.Length; i++) starts[i + 1] = starts[i] + molecules[i].Length;
        (n, b, c, f) = (ids.Length, molecules.Length, size.Hidden, size.FeedForward);
    }

    private static Dropout SomeDropout => new(DropoutRate, Seed: 1, Step: 0, MicroBatch: 0, Site: 1);

    public IEnumerable<Operation> All()
    {
        foreach (Func<Operation> make in Makers())
        {
            operands = new Operands(ops);
            yield return make();
        }
    }

    private IEnumerable<Func<Operation>> Makers() =>
    [
        EmbeddingForward, GatherRows, GatherRowsBackward, SumRows, MeanTokens,
        .. Linear(c, 3 * c), .. Linear(c, c),
        () => LinearActivationForward(c, f), () => LinearBackwardInput(c, f), () => LinearBackwardParams(c, f),
        () => LinearForward(f, c), () => LinearActivationBackwardInput(f, c), () => LinearBackwardParams(f, c),
        AttentionForward, AttentionBackward,
        LayerNormForward, ResidualLayerNormForward, LayerNormBackward, ResidualLayerNormBackward, Dropout, ActivationBackward,
        CrossEntropy, BinaryCrossEntropy, SquaredError,
        Fill, Norm, AdamW,
    ];

    private Func<Operation>[] Linear(int @in, int @out) =>
        [() => LinearForward(@in, @out), () => LinearBackwardInput(@in, @out), () => LinearBackwardParams(@in, @out)];
}
