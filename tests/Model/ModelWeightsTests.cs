using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tests.Tokenization;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Model;

using Tensors = Dictionary<string, (int[] Shape, float[] Values)>;

/// <summary>Between checkpoints and parameters: names, shapes, spellings, and what is written again.</summary>
public sealed class ModelWeightsTests : IDisposable
{
    private readonly CpuOps ops = new(threads: 1);
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Models =>
    [
        "bert-single-label", "roberta-single-label", "albert-single-label", "bert-multi-label", "bert-regression", "bert-odd-sizes",
        "bert-mlm", "roberta-mlm", "albert-mlm",
    ];

    // ---- What does not fit -----------------------------------------------------------------------------------------

    [Fact]
    public void EveryMissingMisshapedAndUnexpectedTensor_IsNamed()
    {
        Tensors tensors = Golden("bert-single-label");
        string[] missing = [.. tensors.Keys.Where(static name => name.StartsWith("bert.encoder.layer.1.", StringComparison.Ordinal))];
        Assert.Equal(16, missing.Length);
        foreach (string name in missing) tensors.Remove(name);
        tensors["bert.embeddings.word_embeddings.weight"] = ([40, 32], new float[40 * 32]);
        tensors["classifier.bias"] = ([4], new float[4]);
        tensors["bert.encoder.layer.7.output.dense.bias"] = ([32], new float[32]);
        tensors["bert.embeddings.wird_embeddings.weight"] = ([1, 1], [0f]);
        InputException error = Refusal("bert-single-label", tensors);
        Assert.All(missing, name => Assert.Contains(name + " (", error.Message, StringComparison.Ordinal));
        Assert.Contains("bert.embeddings.word_embeddings.weight is (40,32), expected (41,32)", error.Message, StringComparison.Ordinal);
        Assert.Contains("classifier.bias is (4), expected (5)", error.Message, StringComparison.Ordinal);
        Assert.Contains("bert.encoder.layer.7.output.dense.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("bert.embeddings.wird_embeddings.weight", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("num_hidden_layers", 3, "lacks bert.encoder.layer.2.attention.self.query.weight (32,32)")]
    [InlineData("num_hidden_layers", 1, "holds tensors that config.json has no place for: bert.encoder.layer.1.attention.output.LayerNorm.bias")]
    [InlineData("intermediate_size", 64, "bert.encoder.layer.0.intermediate.dense.weight is (48,32), expected (64,32)")]
    [InlineData("max_position_embeddings", 50, "bert.embeddings.position_embeddings.weight is (48,32), expected (50,32)")]
    public void AConfigurationThatContradictsTheTensors_IsRefused(string key, int value, string expected)
    {
        JsonObject json = Config("bert-single-label");
        json[key] = value;
        ModelConfig config = ModelConfig.Parse(json, "config.json");
        InputException error = Assert.Throws<InputException>(() => Load(config, Files.Golden("Model", "bert-single-label")));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHeadToKeep_MustBeThere_AndANewOneNeedNot()
    {
        Tensors tensors = Golden("bert-single-label");
        string[] head = ["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"];
        foreach (string name in head) Assert.True(tensors.Remove(name));
        InputException error = Refusal("bert-single-label", tensors);
        Assert.EndsWith(
            "lacks bert.pooler.dense.weight (32,32), bert.pooler.dense.bias (32), classifier.weight (5,32), classifier.bias (5)",
            error.Message, StringComparison.Ordinal);

        BertModel model = new(ModelConfig.Load(Files.Golden("Model", "bert-single-label")), HeadKind.Molecule, ops, training: false);
        using TensorFile file = Checkpoint.Open(folder.Path);
        LoadReport report = ModelWeights.Load(model, file, keepHead: false, seed: 3);
        Assert.Equal(head, report.Fresh);
        Assert.Equal(model.Parameters.Tensors.Count - 4, report.Loaded);
    }

    [Fact]
    public void TheEncoderAlone_NeedsNoHead_AndNamesWhatItLeaves()
    {
        string golden = Files.Golden("Model", "roberta-mlm");
        BertModel model = new(ModelConfig.Load(golden), HeadKind.None, ops, training: false);
        using TensorFile file = Checkpoint.Open(golden);
        LoadReport report = ModelWeights.Load(model, file, keepHead: true, seed: 0);
        Assert.Empty(report.Fresh);
        string[] head = ["lm_head.bias", "lm_head.dense.bias", "lm_head.dense.weight", "lm_head.layer_norm.bias", "lm_head.layer_norm.weight"];
        Assert.Equal(head, report.Unused);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void NumbersThatAreNone_AreRefusedByName(float value, string shown)
    {
        Tensors tensors = Golden("albert-single-label");
        tensors["albert.encoder.embedding_hidden_mapping_in.weight"].Values[17] = value;
        InputException error = Refusal("albert-single-label", tensors);
        Assert.Contains($"albert.encoder.embedding_hidden_mapping_in.weight holds {shown} at element 17", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden_size", 1 << 13)]
    [InlineData("vocab_size", 1 << 24)]
    [InlineData("max_position_embeddings", 1 << 24)]
    [InlineData("num_hidden_layers", 1000)]
    public void ANetworkFarBeyondTheCheckpoint_IsRefused_BeforeMemoryIsTaken(string key, int size)
    {
        Write("bert-single-label", Golden("bert-single-label"));
        string path = Path.Combine(folder.Path, "config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json[key] = size;
        File.WriteAllText(path, json.ToJsonString());
        File.WriteAllText(Path.Combine(folder.Path, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\nC\n");
        long before = GC.GetAllocatedBytesForCurrentThread();
        InputException error = Assert.Throws<InputException>(() => SmilesBert.Training.ModelFolder.Open(folder.Path, HeadKind.Molecule, ops));
        Assert.Contains("numbers, where the network that config.json describes has some", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
    }

    [Fact]
    public void TwoNamesOfOneTensor_AreRefused()
    {
        Tensors tensors = Golden("bert-single-label");
        tensors["embeddings.LayerNorm.gamma"] = tensors["bert.embeddings.LayerNorm.weight"];
        InputException error = Refusal("bert-single-label", tensors);
        Assert.Contains("bert.embeddings.LayerNorm.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains(" embeddings.LayerNorm.gamma", error.Message, StringComparison.Ordinal);
        Assert.Contains("two names of one tensor", error.Message, StringComparison.Ordinal);
    }

    // ---- What is understood ----------------------------------------------------------------------------------------

    [Theory]
    [InlineData("bert-single-label", "bert.")]
    [InlineData("roberta-single-label", "roberta.")]
    [InlineData("albert-single-label", "albert.")]
    public void OldNames_AndBodiesWithoutPrefix_LoadAlike(string golden, string prefix)
    {
        Tensors tensors = [];
        int renamed = 0;
        foreach ((string name, (int[], float[]) tensor) in Golden(golden))
        {
            string other = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
            other = other.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal);
            other = other.Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);
            if (other != name) renamed++;
            tensors.Add(other, tensor);
        }
        tensors.Add("embeddings.position_ids", ([1, 48], [.. Enumerable.Range(0, 48).Select(static i => (float)i)]));
        Assert.True(renamed > 20);

        Write(golden, tensors);
        float[] expected = Logits(Files.Golden("Model", golden));
        Assert.Equal(expected, Logits(folder.Path));
        Assert.True(expected.Distinct().Count() > 5);
    }

    [Fact]
    public void AlbertsTiedDecoder_MayStandTwice()
    {
        string golden = Files.Golden("Model", "albert-mlm");
        Assert.Contains("predictions.decoder.weight", Golden("albert-mlm").Keys);
        (_, LoadReport report) = Load(ModelConfig.Load(golden), golden, HeadKind.MaskedToken);
        Assert.Equal(["predictions.decoder.bias", "predictions.decoder.weight"], report.Unused);
        Assert.Empty(report.Fresh);
    }

    // ---- What is written -------------------------------------------------------------------------------------------

    [Theory]
    [MemberData(nameof(Models))]
    public void WhatIsSaved_HasHuggingFacesNamesShapesAndValues(string golden)
    {
        string source = Files.Golden("Model", golden);
        HeadKind head = golden.EndsWith("mlm", StringComparison.Ordinal) ? HeadKind.MaskedToken : HeadKind.Molecule;
        (BertModel model, _) = Load(ModelConfig.Load(source), source, head);
        ModelWeights.Save(model, folder.Path);

        // Of the decoder that shares the word embeddings one copy is kept, as transformers does.
        Tensors expected = Golden(golden);
        expected.Remove("predictions.decoder.weight");
        expected.Remove("predictions.decoder.bias");
        Tensors saved = CheckpointEdit.Read(Path.Combine(folder.Path, "model.safetensors"));
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), saved.Keys.Order(StringComparer.Ordinal));
        Assert.All(saved, tensor => Assert.Equal(expected[tensor.Key].Shape, tensor.Value.Shape));
        Assert.All(saved, tensor => Assert.Equal(expected[tensor.Key].Values, tensor.Value.Values));
        using (TensorFile file = Checkpoint.Open(folder.Path)) Assert.Equal("pt", file.Metadata["format"]);

        using TemporaryFolder again = new();
        (BertModel loaded, _) = Load(ModelConfig.Load(folder.Path), folder.Path, head);
        ModelWeights.Save(loaded, again.Path);
        foreach (string name in (string[])["model.safetensors", "config.json"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, name)), File.ReadAllBytes(Path.Combine(again.Path, name)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TheSavedConfiguration_SaysWhatTransformersReads(string golden)
    {
        JsonObject source = Config(golden);
        HeadKind head = golden.EndsWith("mlm", StringComparison.Ordinal) ? HeadKind.MaskedToken : HeadKind.Molecule;
        ModelConfig.Load(Files.Golden("Model", golden)).Save(folder.Path, head);
        JsonObject saved = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "config.json")))!.AsObject();
        string[] own = golden == "bert-regression" ? ["smilesbert", "torch_dtype"] : ["torch_dtype"];
        string dropout = golden.StartsWith("albert", StringComparison.Ordinal) ? "classifier_dropout_prob" : "classifier_dropout";
        IEnumerable<string> expected = source.Select(static pair => pair.Key).Union([.. own, dropout]);
        Assert.Equal(expected.Order(StringComparer.Ordinal), saved.Select(static pair => pair.Key).Order(StringComparer.Ordinal));
        foreach ((string key, JsonNode? value) in source.Where(static pair => pair.Value is not null))
            Assert.True(JsonNode.DeepEquals(value, saved[key]), $"{key}: {value!.ToJsonString()} became {saved[key]?.ToJsonString()}");
    }

    [Fact]
    public void ANewHead_IsNamedInTheConfiguration()
    {
        ModelConfig pretrained = ModelConfig.Load(Files.Golden("Model", "roberta-mlm"));
        ModelConfig config = pretrained.WithHead(TaskKind.MultiLabel, ["bitter", "\"sweet\""], scaling: null);
        config.Save(folder.Path, HeadKind.Molecule);
        JsonObject saved = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "config.json")))!.AsObject();
        Assert.Equal("""["RobertaForSequenceClassification"]""", saved["architectures"]!.ToJsonString());
        Assert.Equal("multi_label_classification", (string)saved["problem_type"]!);
        Assert.Equal(["0:bitter", "1:\"sweet\""], saved["id2label"]!.AsObject().Select(static pair => $"{pair.Key}:{pair.Value}"));
        Assert.Equal(["bitter:0", "\"sweet\":1"], saved["label2id"]!.AsObject().Select(static pair => $"{pair.Key}:{pair.Value}"));
        ModelConfig again = ModelConfig.Load(folder.Path);
        Assert.Equal(TaskKind.MultiLabel, again.Task);
        Assert.Equal(config.Labels, again.Labels);
    }

    public void Dispose()
    {
        folder.Dispose();
        ops.Dispose();
    }

    private static JsonObject Config(string golden) => JsonNode.Parse(File.ReadAllText(Files.Golden("Model", golden, "config.json")))!.AsObject();

    private static Tensors Golden(string golden) => CheckpointEdit.Read(Files.Golden("Model", golden, "model.safetensors"));

    private void Write(string golden, Tensors tensors)
    {
        File.Copy(Files.Golden("Model", golden, "config.json"), Path.Combine(folder.Path, "config.json"), overwrite: true);
        CheckpointEdit.Write(Path.Combine(folder.Path, "model.safetensors"), tensors);
    }

    private InputException Refusal(string golden, Tensors tensors)
    {
        Write(golden, tensors);
        return Assert.Throws<InputException>(() => Load(ModelConfig.Load(folder.Path), folder.Path));
    }

    private (BertModel Model, LoadReport Report) Load(ModelConfig config, string source, HeadKind head = HeadKind.Molecule)
    {
        BertModel model = new(config, head, ops, training: false);
        using TensorFile file = Checkpoint.Open(source);
        return (model, ModelWeights.Load(model, file, keepHead: true, seed: 0));
    }

    private float[] Logits(string source)
    {
        (BertModel model, _) = Load(ModelConfig.Load(source), source);
        int[][] molecules = [[2, 5, 6, 7, 3], [2, 30, 3], [2, 11, 12, 13, 14, 15, 16, 40, 3]];
        return new SmilesBert.Training.Inference(model, tokens: 64, molecules: 8).Logits(molecules, TestContext.Current.CancellationToken);
    }
}
