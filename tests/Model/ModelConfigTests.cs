using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tests.Tokenization;

namespace SmilesBert.Tests.Model;

/// <summary>config.json: what is read, what is refused and how it is said, what is kept.</summary>
public sealed class ModelConfigTests
{
    [Theory]
    [InlineData("bert", "model_type", "\"gpt2\"", "model_type is 'gpt2'; bert, roberta and albert are supported")]
    [InlineData("bert", "model_type", null, "model_type is missing; expected bert, roberta or albert")]
    [InlineData("bert", "model_type", "3", "model_type is 3; expected a text")]
    [InlineData("bert", "hidden_act", "\"silu\"", "hidden_act is 'silu'; gelu, gelu_new and relu are supported")]
    [InlineData("bert", "position_embedding_type", "\"relative_key\"", "position_embedding_type is relative_key; only absolute is supported")]
    [InlineData("bert", "is_decoder", "true", "is_decoder is true; only false is supported")]
    [InlineData("bert", "tie_word_embeddings", "false", "tie_word_embeddings is false; only true is supported")]
    [InlineData("albert", "num_hidden_groups", "2", "num_hidden_groups is 2; only 1 is supported")]
    [InlineData("albert", "inner_group_num", "3", "inner_group_num is 3; only 1 is supported")]
    [InlineData("albert", "embedding_size", null, "embedding_size is missing")]
    [InlineData("bert", "num_attention_heads", "5", "hidden_size 32 is not a multiple of num_attention_heads 5")]
    [InlineData("bert", "hidden_size", "-32", "hidden_size is -32; expected a whole number from 1")]
    [InlineData("bert", "hidden_size", "0", "hidden_size is 0; expected a whole number from 1")]
    [InlineData("bert", "hidden_size", "31.5", "hidden_size is 31.5; expected a whole number from 1")]
    [InlineData("bert", "hidden_size", "1e30", "hidden_size is 1e30; expected a whole number from 1")]
    [InlineData("bert", "hidden_size", "\"thirty-two\"", "hidden_size is \"thirty-two\"; expected a number")]
    [InlineData("bert", "hidden_size", null, "hidden_size is missing")]
    [InlineData("bert", "vocab_size", "[41]", "vocab_size is [41]; expected a number")]
    [InlineData("bert", "num_hidden_layers", "true", "num_hidden_layers is true; expected a number")]
    [InlineData("bert", "num_hidden_layers", "16777216", "num_hidden_layers is 16777216; expected a whole number from 1 to 1000")]
    [InlineData("bert", "intermediate_size", "{}", "intermediate_size is {}; expected a number")]
    [InlineData("bert", "pad_token_id", "-1", "pad_token_id is -1; expected a whole number from 0")]
    [InlineData("bert", "layer_norm_eps", "0", "layer_norm_eps is 0; expected a number above 0")]
    [InlineData("bert", "layer_norm_eps", "1e-60", "layer_norm_eps is 1e-60; expected a number above 0")]
    [InlineData("bert", "hidden_dropout_prob", "1", "hidden_dropout_prob is 1; expected a number from 0 up to but not including 1")]
    [InlineData("bert", "attention_probs_dropout_prob", "-0.1", "attention_probs_dropout_prob is -0.1; expected a number from 0")]
    [InlineData("bert", "max_position_embeddings", "2", "max_position_embeddings 2 leaves no room")]
    [InlineData("roberta", "max_position_embeddings", "4", "max_position_embeddings 4 leaves no room")]
    [InlineData("bert", "problem_type", "\"ranking\"", "problem_type is 'ranking'; expected single_label_classification")]
    [InlineData("bert", "id2label", "{\"0\": \"a\", \"2\": \"b\"}", "id2label does not name each of 0 to 1 once ('2')")]
    [InlineData("bert", "id2label", "{\"0\": \"a\", \"00\": \"b\"}", "id2label does not name each of 0 to 1 once ('00')")]
    [InlineData("bert", "id2label", "{}", "id2label is empty")]
    public void ARefusal_NamesTheKey_WhatWasFound_AndWhatIsExpected(string architecture, string key, string? value, string expected)
    {
        JsonObject json = Golden(architecture + "-single-label");
        json.Remove(key);
        if (value is not null) json[key] = JsonNode.Parse(value);
        using TemporaryFolder folder = new TemporaryFolder().With("config.json", json.ToJsonString());
        InputException error = Assert.Throws<InputException>(() => ModelConfig.Load(folder.Path));
        Assert.StartsWith(Path.Combine(folder.Path, "config.json") + ": " + expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model_type\": \"bert\",")]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("{\"model_type\": \"bert\", \"model_type\": \"albert\"}")]
    [InlineData("{\"model_type\": \"\\ud800\"}")]
    [InlineData("{\"\\udc00\": 1}")]
    [InlineData("\u0080PTH")]
    public void WhatIsNoObject_IsRefused(string text)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("config.json", text);
        InputException error = Assert.Throws<InputException>(() => ModelConfig.Load(folder.Path));
        Assert.StartsWith(Path.Combine(folder.Path, "config.json") + ": expected a JSON object", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsWithoutNames_AreCountedOnlySoFar()
    {
        JsonObject json = Golden("bert-single-label");
        json.Remove("id2label");
        json["num_labels"] = 16777216;
        InputException error = Assert.Throws<InputException>(() => ModelConfig.Parse(json, "config.json"));
        Assert.Equal("config.json: num_labels is 16777216; expected a whole number from 1 to 100000", error.Message);
    }

    [Theory]
    [InlineData("target_mean")]
    [InlineData("target_deviation")]
    public void AScaling_MustBeFinite(string key)
    {
        JsonObject json = Golden("bert-regression");
        int labels = json["id2label"]!.AsObject().Count;
        string numbers = string.Join(", ", Enumerable.Repeat("1", labels)), wrong = string.Join(", ", Enumerable.Repeat("1e999", labels));
        string text = $$"""{"target_mean": [{{numbers}}], "target_deviation": [{{numbers}}]}""";
        json["smilesbert"] = JsonNode.Parse(text);
        Assert.NotNull(ModelConfig.Parse(json, "config.json").Scaling);
        json["smilesbert"] = JsonNode.Parse(text.Replace($"\"{key}\": [{numbers}]", $"\"{key}\": [{wrong}]", StringComparison.Ordinal));
        InputException error = Assert.Throws<InputException>(() => ModelConfig.Parse(json, "config.json"));
        Assert.StartsWith($"config.json: smilesbert.{key} is not a list of {labels} numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAbsentFile_IsSaidToBeAbsent()
    {
        using TemporaryFolder folder = new();
        string absent = Path.Combine(folder.Path, "nowhere");
        foreach (string path in (string[])[folder.Path, absent])
            Assert.StartsWith($"{path}: no config.json", Assert.Throws<InputException>(() => ModelConfig.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesBeyondOneArena_AreRefused_BeforeMemoryIsTaken()
    {
        JsonObject json = Golden("bert-single-label");
        foreach (string key in (string[])["hidden_size", "intermediate_size", "vocab_size"]) json[key] = 1 << 24;
        ModelConfig config = ModelConfig.Parse(json, "config.json");
        using CpuOps ops = new(threads: 1);
        InputException error = Assert.Throws<InputException>(() => new BertModel(config, HeadKind.Molecule, ops, training: true));
        Assert.Contains("more than 2000000000 parameters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchesBeyondMemory_AreRefused()
    {
        using CpuOps ops = new(threads: 1);
        BertModel model = new(ModelConfig.Load(Files.Golden("Model", "bert-single-label")), HeadKind.Molecule, ops, training: true);
        InputException error = Assert.Throws<InputException>(() => model.Allocate(tokens: 100_000_000, molecules: 1_000_000));
        Assert.StartsWith("batches of 100000000 tokens need more memory than there is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownKeys_SurviveASave()
    {
        JsonObject json = Golden("bert-single-label");
        json["somebody_elses"] = new JsonObject { ["list"] = new JsonArray(1, "two", null), ["π"] = 3.25 };
        json["summary_type"] = "first";
        using TemporaryFolder folder = new();
        ModelConfig.Parse(json, "config.json").Save(folder.Path, HeadKind.Molecule);
        JsonObject saved = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "config.json")))!.AsObject();
        Assert.True(JsonNode.DeepEquals(json["somebody_elses"], saved["somebody_elses"]));
        Assert.Equal("first", (string)saved["summary_type"]!);
    }

    [Fact]
    public void Albert_HasItsOwnDefaults()
    {
        JsonObject json = Golden("albert-mlm");
        string[] defaulted = ["hidden_act", "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout_prob", "layer_norm_eps", "pad_token_id"];
        foreach (string key in defaulted) Assert.True(json.Remove(key));
        ModelConfig config = ModelConfig.Parse(json, "config.json");
        Assert.Equal(ActivationKind.GeluTanh, config.Activation);
        Assert.Equal((0f, 0f, 0.1f), (config.HiddenDropout, config.AttentionDropout, config.ClassifierDropout));
        Assert.Equal((16, 32, 1e-12f, 0), (config.EmbeddingSize, config.HiddenSize, config.LayerNormEpsilon, config.PaddingId));
    }

    [Fact]
    public void TheClassifiersDropout_IsTheHiddenOne_UnlessStated()
    {
        JsonObject json = Golden("bert-single-label");
        json["hidden_dropout_prob"] = 0.25;
        Assert.Equal(0.25f, ModelConfig.Parse(json, "config.json").ClassifierDropout);
        json["classifier_dropout"] = 0.5;
        Assert.Equal(0.5f, ModelConfig.Parse(json, "config.json").ClassifierDropout);
    }

    [Fact]
    public void APretrainedFolder_HasNoLabels_WhateverItsDefaultsSay()
    {
        JsonObject json = Golden("bert-mlm");
        json["id2label"] = new JsonObject { ["0"] = "LABEL_0", ["1"] = "LABEL_1" };
        ModelConfig config = ModelConfig.Parse(json, "config.json");
        Assert.Empty(config.Labels);
        Assert.Null(config.Task);
    }

    [Fact]
    public void TheTargetsScaling_IsKeptToTheLastBit()
    {
        double[] mean = [0.1 + 0.2, -1e-300], deviation = [Math.PI, double.Epsilon];
        ModelConfig pretrained = ModelConfig.Load(Files.Golden("Model", "bert-mlm"));
        ModelConfig config = pretrained.WithHead(TaskKind.Regression, ["a", "b"], new TargetScaling(mean, deviation));
        using TemporaryFolder folder = new();
        config.Save(folder.Path, HeadKind.Molecule);
        TargetScaling again = ModelConfig.Load(folder.Path).Scaling!;
        Assert.Equal(mean, again.Mean);
        Assert.Equal(deviation, again.Deviation);
    }

    private static JsonObject Golden(string name) => JsonNode.Parse(File.ReadAllText(Files.Golden("Model", name, "config.json")))!.AsObject();
}
