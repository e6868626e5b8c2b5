using System.Diagnostics;
using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Tokenization;

/// <summary>What cannot be used is refused in one sentence that names the file and what is wrong with it.</summary>
public sealed class BadTokenizerTests
{
    private const string Json = """
        {"added_tokens": [], "normalizer": NORMALIZER, "pre_tokenizer": PRE, "post_processor": POST,
         "model": {"type": "MODEL", "unk_token": "[UNK]", OPTION "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "C": ID}}}
        """;

    [Theory]
    [InlineData("[PAD]\n[CLS]\n[SEP]\nC", "the vocabulary has no unknown token; expected [UNK] or <unk>.")]
    [InlineData("[PAD]\n[UNK]\n[SEP]\nC", "the vocabulary has no beginning token; expected [CLS] or <s>.")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\nC", "the vocabulary has no end token; expected [SEP] or </s>.")]
    [InlineData("[UNK]\n[CLS]\n[SEP]\nC", "the vocabulary has no padding token; expected [PAD] or <pad>.")]
    [InlineData("", "is empty; expected one vocabulary entry per line.")]
    [InlineData("\n\r\n\n", "is empty; expected one vocabulary entry per line.")]
    public void Load_OfAnIncompleteVocabulary_IsRefused(string vocabulary, string message)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("vocab.txt", vocabulary);
        Refused(folder, "vocab.txt", message);
    }

    [Fact]
    public void Load_WithoutTokenizerFiles_IsRefused()
    {
        using TemporaryFolder folder = new();
        Refused(folder, "holds no tokenizer: expected tokenizer.json, vocab.json with merges.txt, or vocab.txt.");
        folder.With("vocab.json", "{}");
        Refused(folder, "has vocab.json but no merges.txt");
        Assert.Throws<InputException>(() => Tokenizer.Load(Path.Combine(folder.Path, "absent")));
    }

    [Fact]
    public void Load_WithAMarkThatTheVocabularyLacks_IsRefused()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nC").With("special_tokens_map.json", """{"pad_token": {"content": "<pad>"}}""");
        Refused(folder, "the padding token \"<pad>\" is not in the vocabulary.");
    }

    [Fact]
    public void Load_OfTextThatIsNotUtf8_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(Path.Combine(folder.Path, "vocab.txt"), [0x43, 0xFF, 0x0A]);
        Refused(folder, "vocab.txt is not UTF-8 text.");
    }

    [Theory]
    [InlineData("C C", "merge 1 (\"C C\") needs \"CC\", which the vocabulary does not have.")]
    [InlineData("#version: 0.2\nCC", "merges.txt, line 2: found \"CC\", expected two entries with a space between.")]
    public void Load_OfWrongMerges_IsRefused(string merges, string message)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("vocab.json", """{"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "C": 4}""").With("merges.txt", merges);
        Refused(folder, message);
    }

    [Theory]
    [InlineData("PRE", """{"type": "Metaspace"}""", "the pre-tokenizer \"Metaspace\" (pre_tokenizer.type) is not supported")]
    [InlineData("PRE", """{"type": "Split", "pattern": {"Regex": "C"}, "behavior": "MergedWithNext"}""", "the Split behavior \"MergedWithNext\" (pre_tokenizer.behavior) is not supported")]
    [InlineData("PRE", """{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Removed"}""", "the Split pattern ( is no regular expression")]
    [InlineData("PRE", "7", "pre_tokenizer should be an object, found 7.")]
    [InlineData("NORMALIZER", """{"type": "NFC"}""", "the normalizer \"NFC\" (normalizer.type) is not supported")]
    [InlineData("NORMALIZER", """{"type": "BertNormalizer", "lowercase": 1}""", "normalizer.lowercase should be true or false, found 1.")]
    [InlineData("NORMALIZER", """{"type": "Sequence", "normalizers": {}}""", "normalizer.normalizers should be an array, found {}.")]
    [InlineData("NORMALIZER", """{"type": ["a value of more than sixty characters, of which the first sixty"]}""",
        """normalizer.type should be a string, found ["a value of more than sixty characters, of which the first ....""")]
    [InlineData("POST", """{"type": "Other"}""", "the post-processor \"Other\" (post_processor.type) is not supported")]
    [InlineData("POST", "null", "puts 0 tokens before a molecule and 0 after it; expected [CLS] and [SEP], one each.")]
    [InlineData("POST", """{"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 99]}""", "names the id 99, which the vocabulary does not have.")]
    [InlineData("POST", """{"type": "BertProcessing", "cls": ["[CLS]"], "sep": ["[SEP]", 3]}""", "post_processor.cls should be a token and its id")]
    [InlineData("MODEL", "Unigram", "the model \"Unigram\" (model.type) is not supported; supported: WordLevel, WordPiece, BPE.")]
    [InlineData("OPTION", "\"type\": \"BPE\",", "is not valid JSON")]
    [InlineData("ID", "3", "the tokens \"[SEP]\" and \"C\" both have the id 3.")]
    [InlineData("ID", "-1", "the token \"C\" has the id -1; ids begin at 0.")]
    [InlineData("ID", "4.5", "model.vocab[\"C\"] should be an integer, found 4.5.")]
    [InlineData("ID", "4,", "is not valid JSON")]
    [InlineData("ID", "16777216", "the token \"C\" has the id 16777216; ids end at 16777215.")]
    [InlineData("ID", "2147483647", "the token \"C\" has the id 2147483647; ids end at 16777215.")]
    [InlineData("ID", "4, \"\\ud800\": 5", "is not valid JSON: a string before byte")]
    [InlineData("NORMALIZER", "\"\\ud800\"", "is not valid JSON: a string before byte")]
    [InlineData("PRE", """{"type": "Split", "pattern": {"Regex": "(\\n\\u001b"}, "behavior": "Removed"}""", "is no regular expression")]
    public void Load_OfAWrongTokenizerJson_IsRefused(string place, string content, string message)
    {
        string json = Json.Replace(place, content, StringComparison.Ordinal);
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", Complete(json, "WordLevel"));
        Refused(folder, "tokenizer.json", message);
    }

    [Theory]
    [InlineData("\"dropout\": 0.1,", "a BPE model with dropout 0.1")]
    [InlineData("\"byte_fallback\": true,", "a BPE model with byte_fallback true")]
    [InlineData("\"end_of_word_suffix\": \"@\",", "a BPE model with end_of_word_suffix \"@\"")]
    [InlineData("\"merges\": [\"C\"],", "model.merges[0] should be a pair of entries, found \"C\".")]
    public void Load_OfAnUnknownBpeOption_IsRefused(string option, string message)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", Complete(Json.Replace("OPTION", option, StringComparison.Ordinal), "BPE"));
        Refused(folder, message);
    }

    [Fact]
    public void OfVocabulary_NamesItsSource() => Assert.StartsWith(
        "made here: the vocabulary has no beginning token", Assert.Throws<InputException>(() => Tokenizer.OfVocabulary("made here", [.. "[PAD]\nC\n"u8])).Message);

    [Fact]
    public void Load_OfATokenWithTwoIds_IsRefused()
    {
        string added = Json.Replace("\"added_tokens\": []", "\"added_tokens\": [{\"id\": 7, \"content\": \"C\"}]", StringComparison.Ordinal);
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", Complete(added, "WordLevel"));
        Refused(folder, "the token \"C\" has two ids, 4 and 7.");
    }

    [Fact]
    public void Encode_ByAnExpressionThatNeverEnds_IsRefused()
    {
        string json = Json.Replace("PRE", """{"type": "Split", "pattern": {"Regex": "(C+)+$"}, "behavior": "Isolated"}""", StringComparison.Ordinal);
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", Complete(json, "WordLevel"));
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        InputException problem = Assert.Throws<InputException>(() => tokenizer.Encode(new string('C', 40) + "!"));
        Assert.Contains("tokenizer.json: the Split pattern (C+)+$ takes too long on a text of 41 characters", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_WithoutEntriesOfTheModelsOwn_KnowsTheAddedTokens()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", """
            {"added_tokens": [{"id": 0, "content": "[PAD]", "special": true}, {"id": 1, "content": "[UNK]", "special": true}, {"id": 2, "content": "[CLS]", "special": true}],
             "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[CLS]", 2]},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {}}}
            """);
        Assert.Equal([2, 1, 0, 2], Tokenizer.Load(folder.Path).Encode("C[PAD]").Ids);
    }

    [Fact]
    public void Encode_WithEntriesOfAnyLength_TakesNearlyLinearTime()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("vocab.txt", $"[PAD]\n[UNK]\n[CLS]\n[SEP]\nC\n##C\n{new string('N', 100_000)}\n")
            .With("tokenizer_config.json", """{"do_lower_case": false}""");
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(100_002, Tokenizer.Load(folder.Path).Encode(new string('C', 100_000)).Ids.Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    private static string Complete(string json, string model) => json
        .Replace("NORMALIZER", "null", StringComparison.Ordinal).Replace("PRE", "null", StringComparison.Ordinal)
        .Replace("POST", """{"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]}""", StringComparison.Ordinal)
        .Replace("MODEL", model, StringComparison.Ordinal).Replace("OPTION", "", StringComparison.Ordinal).Replace("ID", "4", StringComparison.Ordinal);

    private static void Refused(TemporaryFolder folder, params string[] message)
    {
        InputException problem = Assert.Throws<InputException>(() => Tokenizer.Load(folder.Path));
        Assert.All(message, part => Assert.Contains(part, problem.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', problem.Message);
    }
}
