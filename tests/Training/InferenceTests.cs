using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Training;

/// <summary>A molecule's result is its own, whoever shares its batch.</summary>
public sealed class InferenceTests : IDisposable
{
    private const int Longest = 40;

    private readonly CpuOps ops = new(threads: 2);
    private readonly int[][] molecules;

    public InferenceTests()
    {
        Random random = new(5);
        molecules =
        [
            .. Enumerable.Range(0, 50).Select(i =>
            {
                int[] ids = new int[i switch { 0 => 2, 1 => 3, 2 => Longest, _ => random.Next(3, Longest) }];
                for (int t = 0; t < ids.Length; t++) ids[t] = random.Next(4, 41);
                return ids;
            }),
        ];
    }

    public static TheoryData<string> Models => ["bert-single-label", "bert-odd-sizes", "roberta-single-label", "albert-single-label"];

    [Theory]
    [MemberData(nameof(Models))]
    public void AMolecule_HasTheSameBits_AloneAndInAnyBatchAndOrder(string golden)
    {
        Answers alone = Results(golden, molecules, tokens: Longest, capacity: 1);
        foreach ((int tokens, int capacity) in new[] { (64, 3), (200, 7), (513, 64), (4096, 128) })
            Same(alone, Results(golden, molecules, tokens, capacity), [.. Enumerable.Range(0, molecules.Length)]);

        int[] order = [.. Enumerable.Range(0, molecules.Length).OrderBy(static i => i * 37 % 50)];
        Same(alone, Results(golden, [.. order.Select(i => molecules[i])], tokens: 300, capacity: 20), order);

        static void Same(Answers expected, Answers actual, int[] order)
        {
            for (int place = 0; place < order.Length; place++)
            {
                Assert.Equal(expected.Logits[order[place]], actual.Logits[place]);
                Assert.Equal(expected.Cls[order[place]], actual.Cls[place]);
                Assert.Equal(expected.Mean[order[place]], actual.Mean[place]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Pooling_IsTheFirstTokensState_OrTheMeanOfAll(string golden)
    {
        BertModel model = Load(golden);
        Inference inference = new(model, tokens: 1000, molecules: 50);
        int[][] some = molecules[..9];
        int c = model.Config.HiddenSize, tokens = some.Sum(static molecule => molecule.Length);
        Assert.Equal(some.Length, Assert.Single(inference.Run(some)));
        float[] hidden = new float[tokens * c], cls = new float[some.Length * c], mean = new float[some.Length * c];
        ops.Read(hidden, model.LastHidden);
        inference.ReadEmbeddings(cls, Pooling.Cls);
        inference.ReadEmbeddings(mean, Pooling.Mean);
        for (int b = 0, start = 0; b < some.Length; start += some[b++].Length)
        {
            for (int i = 0; i < c; i++)
            {
                double sum = 0;
                for (int t = 0; t < some[b].Length; t++) sum += hidden[((start + t) * c) + i];
                Assert.Equal(hidden[(start * c) + i], cls[(b * c) + i]);
                Assert.Equal(sum / some[b].Length, mean[(b * c) + i], 1e-6);
            }
        }
    }

    [Theory]
    [InlineData("bert-single-label", 48)]
    [InlineData("roberta-single-label", 46)]    // positions begin at 2
    [InlineData("albert-single-label", 48)]
    public void TheLongestMolecule_FillsThePositionTable(string golden, int longest)
    {
        BertModel model = Load(golden);
        Assert.Equal(longest, model.Config.MaxTokens);
        int[] molecule = [.. Enumerable.Range(0, longest).Select(static i => 4 + (i % 37))];
        float[] logits = new Inference(model, longest, molecules: 1).Logits([molecule], TestContext.Current.CancellationToken);
        Assert.All(logits, static x => Assert.True(float.IsFinite(x)));
        Assert.Throws<InputException>(() => model.Config.TokenLimit(longest + 1));
        Assert.Equal(longest, model.Config.TokenLimit(longest));
    }

    public void Dispose() => ops.Dispose();

    private BertModel Load(string golden)
    {
        string folder = Files.Golden("Model", golden);
        BertModel model = new(ModelConfig.Load(folder), HeadKind.Molecule, ops, training: false);
        using TensorFile file = Checkpoint.Open(folder);
        ModelWeights.Load(model, file, keepHead: true, seed: 0);
        return model;
    }

    private Answers Results(string golden, int[][] molecules, int tokens, int capacity)
    {
        BertModel model = Load(golden);
        Inference inference = new(model, tokens, capacity);
        int k = model.Head!.Outputs, c = model.Config.HiddenSize;
        List<float[]> logits = [], cls = [], mean = [];
        foreach (int count in inference.Run(molecules))
        {
            float[] read = new float[count * k], first = new float[count * c], average = new float[count * c];
            inference.ReadLogits(read);
            inference.ReadEmbeddings(first, Pooling.Cls);
            inference.ReadEmbeddings(average, Pooling.Mean);
            logits.AddRange(read.Chunk(k));
            cls.AddRange(first.Chunk(c));
            mean.AddRange(average.Chunk(c));
        }
        Assert.Equal(molecules.Length, logits.Count);
        return new Answers([.. logits], [.. cls], [.. mean]);
    }

    // Of each molecule.
    private readonly record struct Answers(float[][] Logits, float[][] Cls, float[][] Mean);
}
