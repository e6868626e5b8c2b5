using System.Text.Json.Nodes;
using SmilesBert.Pretraining;

namespace SmilesBert.Tests.Pretraining;

/// <summary>What a pretraining cannot begin with, each in one sentence; nothing is left behind.</summary>
public sealed class PretrainInputTests : IDisposable
{
    private readonly PretrainWorkshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void AnEmptyCorpus() => Refused(Options() with { Data = [workshop.List("empty.smi", [])] }, "empty.smi is empty");

    [Fact]
    public void AnUnreadableLine() => Refused(
        Options() with { Data = [workshop.List("good.smi", ["CCO", "CCN"]), workshop.List("bad.smi", ["CCO", "what is this", "CC"])] }, "bad.smi, line 2");

    [Fact]
    public void StandardInputTwice() => Refused(Options() with { Data = ["-", "-"] }, "standard input can be read once");

    [Fact]
    public void AnUnknownPreset() =>
        Refused(Options() with { Start = new PretrainStart.Preset("large", null) }, "there is no preset 'large'; expected tiny, small, base");

    [Fact]
    public void AVocabularyThatIsNotThere() => Refused(WithVocabulary(workshop.At("nowhere.txt")), "there is no vocabulary", "nowhere.txt");

    [Fact]
    public void AVocabularyWithoutMask() =>
        Refused(WithVocabulary(workshop.List("words.txt", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "C", "O"])), "no mask token", "words.txt");

    [Fact]
    public void AVocabularyWithoutPadding() =>
        Refused(WithVocabulary(workshop.List("words.txt", ["[UNK]", "[CLS]", "[SEP]", "[MASK]", "C"])), "words.txt", "no padding token");

    [Fact]
    public void AVocabularyThatKnowsNothing() => Refused(
        WithVocabulary(workshop.List("words.txt", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Br"])), "the vocabulary knows no token of any molecule");

    [Fact]
    public void AConfigurationTooSmallForTheVocabulary() =>
        Refused(WithConfig(static config => config["vocab_size"] = 6), "the tokenizer has ids up to 6", "vocab_size is 6");

    [Fact]
    public void AConfigurationWithAnotherPadding() => Refused(WithConfig(static config => config["pad_token_id"] = 1), "pad_token_id is 1", "[PAD] has the id 0");

    [Fact]
    public void ImpossibleHeads() => Refused(WithConfig(static config => config["num_attention_heads"] = 5), "hidden_size 32 is not a multiple of num_attention_heads 5");

    [Fact]
    public void AModelWithoutAMaskedTokenHead()
    {
        string folder = workshop.At("model");
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["config.json", "model.safetensors"])
            File.Copy(Files.Golden("Model", "bert-single-label", name), Path.Combine(folder, name));
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "C", "O"]);
        Refused(Options() with { Start = new PretrainStart.Model(folder) }, "the checkpoint lacks", "cls.predictions.bias");
    }

    [Fact]
    public void OneMolecule_CannotBeDivided() => Refused(Options() with { Data = [workshop.List("one.smi", ["CCO", "OCC"])] }, "2 parts need at least 2 molecules");

    [Fact]
    public void ATakenFolder()
    {
        PretrainOptions options = Options();
        PretrainWorkshop.Run(options);
        Assert.Contains("already holds a run", PretrainWorkshop.Refusal(options), StringComparison.Ordinal);
    }

    private PretrainOptions Options() => workshop.Options("run");

    private PretrainOptions WithVocabulary(string path) => Options() with { Start = new PretrainStart.Config(workshop.Config(), path) };

    private PretrainOptions WithConfig(Action<JsonObject> change) => Options() with { Start = new PretrainStart.Config(workshop.Config(change), null) };

    private static void Refused(PretrainOptions options, params string[] parts)
    {
        string sentence = PretrainWorkshop.Refusal(options);
        Assert.All(parts, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        Assert.False(Directory.Exists(options.Output));
    }
}
