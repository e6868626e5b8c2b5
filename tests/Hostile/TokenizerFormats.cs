using System.Text;
using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Hostile;

/// <summary>A model folder's tokenizer, one of its files spoiled and the others as they were; what is read must encode any text.</summary>
internal static class TokenizerFormats
{
    private static readonly string[] Texts = ["", "CCO", "C[C@H](N)Cl>>c1ccccc1.[Na+]", " \u00e9\u4e2d\ud83d\ude00\ud800 [MASK]<mask> aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"];

    private static readonly Mutation[] Json =
        [.. ByteMutations.AnyText, .. Enumerable.Repeat<Mutation>(JsonTree.Mutate, 12)];

    public static HostileFormat TokenizerJson() => new(
        "tokenizer.json", "tokenizer.json",
        [
            .. new[] { "json-characters", "json-no-merges", "json-wordpiece", "json-words", "json-prefix-space", "atom-saved" }
                .Select(static name => Golden(name, "tokenizer.json")),
        ],
        Json, Read);

    public static HostileFormat VocabularyText() => new(
        "vocab.txt", "vocab.txt", [Golden("atom", "vocab.txt"), Golden("wordpiece", "vocab.txt"), Golden("wordpiece-lower", "vocab.txt")],
        ByteMutations.AnyText, Read)
    { MostlyRefused = false };

    public static HostileFormat VocabularyJson(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, "merges.txt"), Golden("bpe", "merges.txt"));
        return new("vocab.json", "vocab.json", [Golden("bpe", "vocab.json")], Json, Read);
    }

    public static HostileFormat Merges(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, "vocab.json"), Golden("bpe", "vocab.json"));
        return new("merges.txt", "merges.txt", [Golden("bpe", "merges.txt")], ByteMutations.AnyText, Read) { Named = folder };
    }

    public static HostileFormat Settings(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, "vocab.txt"), Golden("wordpiece", "vocab.txt"));
        byte[] settings = Encoding.UTF8.GetBytes("""
            {"tokenizer_class": "BertTokenizer", "do_lower_case": false, "strip_accents": null, "tokenize_chinese_chars": true, "cls_token": "[CLS]",
             "sep_token": {"content": "[SEP]", "lstrip": false}, "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"}
            """);
        return new("tokenizer_config.json", "tokenizer_config.json", [settings], Json, Read) { Named = folder };
    }

    private static byte[] Golden(params string[] parts) => File.ReadAllBytes(Files.Golden(["Tokenization", .. parts]));

    private static void Read(string path)
    {
        Tokenizer tokenizer = Tokenizer.Load(Path.GetDirectoryName(path)!);
        Assert.DoesNotContain('\n', tokenizer.Description);
        foreach (string text in Texts)
        {
            TokenizedMolecule molecule = tokenizer.Encode(text);
            Assert.Equal(tokenizer.ClsId, molecule.Ids[0]);
            Assert.Equal(tokenizer.SepId, molecule.Ids[^1]);
            Assert.True(molecule.Ids.All(id => id >= 0 && id < tokenizer.VocabularySize), "an id outside of the vocabulary");
        }
        Assert.True(tokenizer.SpecialIds.All(id => id >= 0 && id < tokenizer.VocabularySize), "a special id outside of the vocabulary");
    }
}
