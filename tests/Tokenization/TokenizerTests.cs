using System.Text.Json.Nodes;
using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Tokenization;

public sealed class TokenizerTests
{
    private const string Marks = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

    [Theory]
    [InlineData("CC(=O)OC1=CC=CC=C1C(=O)O", "12 16 16 17 22 19 18 19 16 20 22 16 16 22 16 16 22 16 20 16 17 22 19 18 19 13")]
    [InlineData("CC(=O)Oc1ccccc1C(=O)O", "12 16 16 17 22 19 18 19 15 20 15 15 15 15 15 20 16 17 22 19 18 19 13")]
    public void Encode_WithTheVocabularyOfRxnmapper_GivesTheKnownIds(string smiles, string ids)
    {
        Tokenizer tokenizer = Tokenizer.Load(Files.Shared("weights", "rxnmapper-albert"));
        Assert.Equal(ids, string.Join(' ', tokenizer.Encode(smiles).Ids));
        Assert.Equal("atom regex, 591 entries (vocab.txt)", tokenizer.Description);
        // Its config.json says bos 0 and pad 0; the tokenizer's own files decide.
        Assert.Equal((12, 13, 0, 11, 14), (tokenizer.ClsId, tokenizer.SepId, tokenizer.PadId, tokenizer.UnknownId, tokenizer.MaskId!.Value));
        Assert.Equal(591, tokenizer.VocabularySize);
    }

    [Fact]
    public void Encode_OfFooDb_LosesOneAtom()
    {
        Tokenizer tokenizer = Tokenizer.Load(Files.Shared("weights", "rxnmapper-albert"));
        MoleculeEncoder encoder = new(tokenizer, 1000, LongMolecules.Refuse);
        using CsvHelper.CsvReader rows = new(File.OpenText(Files.Shared("data", "foodb", "Compound.csv")), System.Globalization.CultureInfo.InvariantCulture);
        rows.Read();
        for (long row = 2; rows.Read(); row++) encoder.Encode(rows.GetField(7)!, row);

        Assert.Equal(244_970, encoder.Report.Tokens - (2 * encoder.Report.Molecules));
        Assert.Equal(739, encoder.Report.Longest);
        TokenizationReport.Loss loss = Assert.Single(encoder.Report.Losses);
        Assert.Equal(("[Ca++]", 1L, false), (loss.Text, loss.Count, loss.Skipped));
    }

    [Fact]
    public void SpecialIds_OfByteLevelBpe_AreRobertas()
    {
        Tokenizer tokenizer = Tokenizer.Load(Files.Golden("Tokenization", "bpe"));
        Assert.Equal((0, 2, 1, 3), (tokenizer.ClsId, tokenizer.SepId, tokenizer.PadId, tokenizer.UnknownId));
        Assert.Equal("<mask>", tokenizer.Token(tokenizer.MaskId!.Value));
        Assert.Equal([0, 1, 2, 3, tokenizer.MaskId.Value], tokenizer.SpecialIds.Order());
        Assert.Equal("byte-level BPE, 534 entries, 273 merges (vocab.json + merges.txt)", tokenizer.Description);
    }

    [Fact]
    public void Load_NamesWhatSettingsDestroy()
    {
        Assert.Contains("the merges are empty, so 51 entries of several characters (such as [se]) are never used",
            Tokenizer.Load(Files.Golden("Tokenization", "json-no-merges")).Description, StringComparison.Ordinal);
        Assert.Contains("lower-case the text, so that C and c, N and n become one and 2 entries with capitals are never used",
            Tokenizer.Load(Files.Golden("Tokenization", "wordpiece-lower")).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAVocabularyWithPieces_IsWordPieceUnlessTheClassSaysOtherwise()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("vocab.txt", Marks + "C\n##C");
        Assert.StartsWith("WordPiece, 7 entries", Tokenizer.Load(folder.Path).Description, StringComparison.Ordinal);
        folder.With("tokenizer_config.json", """{"tokenizer_class": "SmilesTokenizer"}""");
        Assert.StartsWith("atom regex, 7 entries", Tokenizer.Load(folder.Path).Description, StringComparison.Ordinal);
    }

    // What tokenizer.json's Split does, as HuggingFace documents it: what it keeps of the matches and of what lies between them.
    [Theory]
    [InlineData("Removed", false, "2 5 6 3")]
    [InlineData("Removed", true, "2 7 7 3")]
    [InlineData("Isolated", false, "2 5 7 6 7 3")]
    [InlineData("Isolated", true, "2 5 7 6 7 3")]
    public void Split_KeepsWhatItsBehaviorSays(string behavior, bool invert, string ids)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", $$$"""
            {"pre_tokenizer": {"type": "Split", "pattern": {"String": "."}, "behavior": "{{{behavior}}}", "invert": {{{(invert ? "true" : "false")}}}},
             "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]},
             "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "CC": 5, "O": 6, ".": 7} } }
            """);
        Assert.Equal(ids, string.Join(' ', Tokenizer.Load(folder.Path).Encode("CC.O.").Ids));
    }

    [Fact]
    public void Marks_AreThoseOfTheMap_ThenOfTheSettings_ThenTheUsualOnes()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("vocab.txt", Marks + "<b>\n<e>\n<p>\n<m>\nC\n")
            .With("special_tokens_map.json", """{"bos_token": "<b>", "pad_token": {"content": "<p>"}}""")
            .With("tokenizer_config.json", """{"bos_token": "[CLS]", "eos_token": "<e>", "pad_token": "[PAD]", "mask_token": "<m>"}""");
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        Assert.Equal(("<b>", "<e>", "<p>", "[UNK]", "<m>"), (
            tokenizer.Token(tokenizer.ClsId), tokenizer.Token(tokenizer.SepId), tokenizer.Token(tokenizer.PadId), tokenizer.Token(tokenizer.UnknownId),
            tokenizer.Token(tokenizer.MaskId!.Value)));
        Assert.Equal("", tokenizer.Token(99));
        folder.With("special_tokens_map.json", """{"bos_token": {"text": "<b>"}}""");
        Assert.Contains("should be a token or an object with its content", Assert.Throws<InputException>(() => Tokenizer.Load(folder.Path)).Message);
    }

    // lstrip, rstrip and single_word as HuggingFace documents them; what is not the token is one [UNK].
    [Theory]
    [InlineData("rstrip", "A", "2 5 3")]
    [InlineData("rstrip", "A  ", "2 5 3")]
    [InlineData("rstrip", " A x", "2 1 5 1 3")]
    [InlineData("lstrip", "  A", "2 5 3")]
    [InlineData("lstrip", "x A ", "2 1 5 1 3")]
    [InlineData("lstrip", "A A", "2 5 5 3")]
    [InlineData("single_word", "A", "2 5 3")]
    [InlineData("single_word", "(A)", "2 1 5 1 3")]
    [InlineData("single_word", "xA", "2 1 3")]
    [InlineData("single_word", "A_", "2 1 3")]
    [InlineData("single_word", "[CLS]A[CLS]xA[CLS](A", "2 2 5 2 1 2 1 5 3")]
    public void AddedTokens_AreFoundAsTheirFlagsSay(string flag, string text, string ids)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", $$$"""
            {"added_tokens": [{"id": 5, "content": "A", "{{{flag}}}": true}, {"id": 2, "content": "[CLS]", "special": true}],
             "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]},
             "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3} } }
            """);
        Assert.Equal(ids, string.Join(' ', Tokenizer.Load(folder.Path).Encode(text).Ids));
    }

    [Theory]
    [InlineData("wordpiece", """{"type":"WordPiece","prefix":"##","cleanup":false}""")]
    [InlineData("bpe", """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""")]
    public void Save_WritesTheDecoderToo(string folder, string decoder)
    {
        using TemporaryFolder saved = new();
        Tokenizer.Load(Files.Golden("Tokenization", folder)).Save(saved.Path);
        JsonNode document = JsonNode.Parse(File.ReadAllBytes(Path.Combine(saved.Path, "tokenizer.json")))!;
        Assert.Equal(decoder, document["decoder"]!.ToJsonString());
    }

    // The first and the last of each block that BERT puts spaces around, and their neighbours, around which it puts none.
    [Theory]
    [InlineData(0x3400, 0x4DBF)]
    [InlineData(0x4E00, 0x9FFF)]
    [InlineData(0xF900, 0xFAFF)]
    [InlineData(0x20000, 0x2A6DF)]
    [InlineData(0x2A700, 0x2B73F)]
    [InlineData(0x2B740, 0x2B81F)]
    [InlineData(0x2B820, 0x2CEAF)]
    [InlineData(0x2F800, 0x2FA1F)]
    public void BertNormalizer_PutsSpacesAroundChinese(int first, int last)
    {
        int[] blocks = [0x2B740, 0x2B820];                        // begin right behind another
        foreach (int code in (int[])[first, last]) Assert.Equal($"C {char.ConvertFromUtf32(code)} C", Normalized(code));
        if (!blocks.Contains(first)) Assert.DoesNotContain(' ', Normalized(first - 1));
        if (!blocks.Contains(last + 1)) Assert.DoesNotContain(' ', Normalized(last + 1));

        static string Normalized(int code)
        {
            TextPieces text = new($"C{char.ConvertFromUtf32(code)}C");
            new BertNormalizer(cleanText: false, spaceChinese: true, stripAccents: false, lowercase: false).Apply(text);
            return text.Text;
        }
    }

    [Fact]
    public void BertNormalizer_TakesOutControlCharactersAndAccents()
    {
        TextPieces text = new("C\0\u0001\t\n\r\u00a0\u0301N\uFFFDO\u200b\uE000");
        new BertNormalizer(cleanText: true, spaceChinese: false, stripAccents: true, lowercase: true).Apply(text);
        Assert.Equal("c    no", text.Text);
        Assert.Equal([1, 2, 7, 9, 11, 12], text.Removed!);

        TextPieces untouched = new("C\u0001\u0301N");
        new BertNormalizer(cleanText: false, spaceChinese: false, stripAccents: false, lowercase: false).Apply(untouched);
        Assert.Equal(untouched.Molecule, untouched.Text);
    }

    [Theory]
    [InlineData("C\nN\nO", "", "2 5 7 3")]
    [InlineData("C\nN\nO\n", "", "2 5 7 3")]
    [InlineData("C\r\nN\r\nO\r\n", "", "2 5 7 3")]
    [InlineData("C\n\nO\n\n\n", "", "2 5 7 3")]
    [InlineData("O\nC\nO\n", "the entry O stands on lines 6 and 8 of vocab.txt, and the later counts", "2 6 7 3")]
    public void Load_OfAVocabularyWithOddLines_NumbersThemAsBertDoes(string entries, string remark, string ids)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("vocab.txt", "\uFEFF" + Marks + entries);
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        Assert.Equal(ids, string.Join(' ', tokenizer.Encode("CO").Ids));
        Assert.Equal(8, tokenizer.VocabularySize);
        Assert.EndsWith(remark, tokenizer.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("atom", "C[Xx]lC", "1 [Xx] unknown, 5 l skipped")]
    [InlineData("atom", "C l\u00e9 C", "1  l\u00e9  skipped")]
    [InlineData("atom", "[C", "0 [ skipped")]
    [InlineData("wordpiece", "C!\u03b1\u03b2", "1 ! unknown, 2 \u03b1\u03b2 unknown")]
    [InlineData("wordpiece", "C\u0000 N", "1 \0 skipped, 2   skipped")]
    [InlineData("wordpiece", "\u4e2d", "0 \u4e2d unknown")]
    [InlineData("json-no-merges", "C\u20acC1!", "1 \u20ac skipped, 4 ! skipped")]
    [InlineData("json-characters", "C\U0001F600C", "1 \U0001F600 unknown")]
    [InlineData("bpe", "C \u20acC", "")]
    public void Encode_ReportsWhatIsLost(string folder, string smiles, string expected)
    {
        TokenizedMolecule molecule = Tokenizer.Load(Files.Golden("Tokenization", folder)).Encode(smiles);
        Assert.Equal(expected, string.Join(", ", molecule.Lost.Select(lost => $"{lost.Position} {lost.Text} {(lost.Skipped ? "skipped" : "unknown")}")));
    }

    [Fact]
    public void Encode_OfBrokenUnicode_DoesNotFail()
    {
        foreach (string folder in Directory.GetDirectories(Files.Golden("Tokenization")))
        {
            if (Path.GetFileName(folder) == "vocab-591") continue; // ids alone
            Tokenizer tokenizer = Tokenizer.Load(folder);
            foreach (string smiles in (string[])["\ud83d", "C\ude00C", "\ud83d\ud83d\ude00", "C\ud83d[CLS]"]) Assert.NotEmpty(tokenizer.Encode(smiles).Ids);
        }
    }

    [Fact]
    public void Save_OfAtoms_WritesTheFilesThatTransformersWasSeenToLoad()
    {
        using TemporaryFolder saved = new();
        Tokenizer.Load(Files.Golden("Tokenization", "atom")).Save(saved.Path);
        foreach (string name in (string[])["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"])
            Assert.Equal(File.ReadAllBytes(Files.Golden("Tokenization", "atom-saved", name)), File.ReadAllBytes(Path.Combine(saved.Path, name)));
        Assert.Equal(File.ReadAllBytes(Files.Golden("Tokenization", "atom", "vocab.txt")), File.ReadAllBytes(Path.Combine(saved.Path, "vocab.txt")));
        Assert.Equal(4, Directory.GetFiles(saved.Path).Length);
    }
}
