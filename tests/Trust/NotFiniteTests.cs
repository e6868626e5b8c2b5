using System.Globalization;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tests.Cli;
using SmilesBert.Tests.Model;
using SmilesBert.Tests.Ops;
using SmilesBert.Tests.Training;
using SmilesBert.Tokenization;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Trust;

/// <summary>A number that is none stops a training, which says what it is, where it stands and at which step: on every device.</summary>
public sealed class NotFiniteTests : IDisposable
{
    private const int At = 3;   // the step that it happens in, from 1

    private readonly RunWorkshop workshop = new();

    public static TheoryData<string, string, float, string> Poisons
    {
        get
        {
            TheoryData<string, string, float, string> data = [];
            foreach (string device in new Devices().Select(static row => row.Data))
            {
                data.Add(device, "weight bert.encoder.layer.1.output.dense.weight", float.NaN, "the loss is NaN");
                data.Add(device, "weight bert.embeddings.LayerNorm.bias", float.PositiveInfinity, "the loss is NaN");
                data.Add(device, "weight classifier.bias", float.PositiveInfinity, "the loss is NaN");
                data.Add(device, "gradient bert.pooler.dense.weight", float.NaN, "the gradient's norm is NaN");
                data.Add(device, "gradient bert.embeddings.word_embeddings.weight", float.PositiveInfinity, "the gradient's norm is ");
                data.Add(device, "label 3", 0, "the loss is NaN");
                data.Add(device, "label -1", 0, "the loss is NaN");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Poisons))]
    public void AStep_StopsTheRun_NamingIt(string device, string where, float value, string said)
    {
        using IOps ops = Devices.Create(device);
        InputException error = Assert.Throws<InputException>(() => Train(ops, where, value));
        Assert.StartsWith($"step {At} (epoch 1): {said}", error.Message, StringComparison.Ordinal);
        Assert.Contains(", on rows ", error.Message, StringComparison.Ordinal);
        string[] words = where.Split(' ');
        string kind = words[0] == "weight" ? "the weight" : "the gradient of";
        if (words[0] != "label") Assert.Contains($", {kind} {words[1]} holds {value.ToString(CultureInfo.InvariantCulture)} at element ", error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Devices))]
    public void WithoutAny_TheRunEnds(string device)
    {
        using IOps ops = Devices.Create(device);
        Train(ops, "nowhere", value: 0);
    }

    // A row of the word table that no molecule reads has no part in any loss; the end of the epoch finds it.
    [Theory, ClassData(typeof(Devices))]
    public void AWeightThatNoStepReads_IsFoundAtTheEpochsEnd(string device)
    {
        using IOps ops = Devices.Create(device);
        InputException error = Assert.Throws<InputException>(() => Train(ops, "unread bert.embeddings.word_embeddings.weight", float.NaN));
        Assert.StartsWith("the weights are no longer finite after step 4, the end of epoch 1, the weight bert.embeddings.word_embeddings.weight holds NaN", error.Message, StringComparison.Ordinal);
    }

    // What holds for the few above holds for every tensor of the network, whatever its activation.
    [Theory]
    [InlineData("bert-single-label")]
    [InlineData("bert-relu")]
    [InlineData("bert-gelu-new")]
    [InlineData("albert-single-label")]
    public void AnyTensorOfTheNetwork_IsNamed(string network)
    {
        using IOps ops = Devices.Create("cpu");
        (BertModel model, _, _) = Prepare(ops, network);
        foreach (NamedTensor tensor in model.Parameters.Tensors)
        {
            using IOps fresh = Devices.Create("cpu");
            InputException error = Assert.Throws<InputException>(() => Train(fresh, $"weight {tensor.Name}", float.NaN, network));
            Assert.Contains($"the weight {tensor.Name} holds NaN", error.Message, StringComparison.Ordinal);
        }
    }

    // Weights that are numbers, and so large that what they make is none.
    [Theory]
    [InlineData("predict", "classifier.weight")]
    [InlineData("embed", "bert.encoder.layer.1.output.LayerNorm.weight")]
    public void AnOutput_StopsTheCommand_NamingTheMolecule(string verb, string tensor)
    {
        using TinyRuns runs = new();
        CheckpointEdit.Rewrite(Path.Combine(runs.Model, "model.safetensors"), (name, values) =>
        {
            if (name == tensor) values.Fill(3e38f);
        });
        CommandRun.Of(runs.Command(verb, runs.At("out"))).FailedSaying($"the model's output for {SmallTable.Smiles(0)} is ", "where a finite number is expected");
        Assert.False(File.Exists(runs.At("out")));
    }

    public void Dispose() => workshop.Dispose();

    private void Train(IOps ops, string where, float value, string network = "bert-single-label")
    {
        (BertModel model, Dataset data, int[][] molecules) = Prepare(ops, network);
        TrainingOptions options = new() { Epochs = 1, BatchSize = 2, LearningRate = 1e-3f };
        Split split = Split.Make(data, new SplitOptions { Train = 1, Validation = 0, Test = 0 });
        PoisonedWork work = new(new FinetuneWork(model, data, molecules, split, classWeights: null, options), data, where, value);
        string output = Path.Combine(workshop.Root, Path.GetRandomFileName());
        using RunFolder folder = RunFolder.Open(output, new Dictionary<string, string>(), resume: false);
        new Trainer(work, options, folder, new RecordingLog()).Run(TestContext.Current.CancellationToken);
    }

    private (BertModel Model, Dataset Data, int[][] Molecules) Prepare(IOps ops, string network)
    {
        string folder = workshop.Model(network), table = workshop.Classes(rows: 8);
        Dataset data = Dataset.Load(table, new ReadOptions(), new TargetOptions { Columns = ["y"] });
        Tokenizer tokenizer = Tokenizer.Load(folder);
        BertModel model = new(ModelConfig.Load(folder).WithHead(data.Task, data.Labels, null), HeadKind.Molecule, ops, training: true);
        using (TensorFile file = Checkpoint.Open(folder)) ModelWeights.Load(model, file, keepHead: false, seed: 1);
        return (model, data, [.. data.Smiles.Select(smiles => tokenizer.Encode(smiles).Ids)]);
    }

    /// <summary>Puts one bad number where a test wants it, in the third step.</summary>
    private sealed class PoisonedWork(ITrainingWork work, Dataset data, string where, float value) : ITrainingWork
    {
        public BertModel Model => work.Model;

        public IReadOnlyList<int> Rows => work.Rows;

        public float Loss(int step) => work.Loss(step);

        public StepWork Step(ReadOnlySpan<int> rows, int epoch, int step)
        {
            string[] words = where.Split(' ');
            bool now = step == At - 1;
            if (now && words[0] == "weight") Put(words[1], Model.Parameters.Values, place: 5);
            if (now && words[0] == "unread") Put(words[1], Model.Parameters.Values, place: 1);     // of [PAD]'s row
            int[] classes = [.. data.Classes];
            if (now && words[0] == "label") data.Classes[rows[1]] = int.Parse(words[1]);
            StepWork done = work.Step(rows, epoch, step);
            classes.CopyTo(data.Classes, 0);
            if (now && words[0] == "gradient") Put(words[1], Model.Parameters.Gradients, place: 5);
            return done;
        }

        public IScored? Validate(CancellationToken stop) => work.Validate(stop);

        public string Describe(ReadOnlySpan<int> rows) => work.Describe(rows);

        // Of the word and position tables a row that every molecule reads: that of [CLS], that of the first token.
        private void Put(string name, Floats arena, int place)
        {
            NamedTensor tensor = Model.Parameters.Tensors.Single(tensor => tensor.Name == name);
            if (place == 5 && name.EndsWith("word_embeddings.weight", StringComparison.Ordinal)) place += 2 * tensor.Shape[1];
            Model.Ops.Write(arena.Slice(tensor.Offset + Math.Min(place, tensor.Length - 1), 1), [value]);
        }
    }
}
