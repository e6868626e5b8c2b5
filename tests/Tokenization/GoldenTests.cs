using System.IO.Compression;
using System.Text.Json;
using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Tokenization;

/// <summary>Every kind of tokenizer gives the ids that HuggingFace's own library gave (tools/tokenizers/golden.mjs).</summary>
public sealed class GoldenTests
{
    private static readonly Lazy<string[]> Molecules = new(() => Read<string[]>("molecules.json.gz"));

    [Theory]
    [InlineData("atom")]
    [InlineData("bpe")]
    [InlineData("wordpiece")]
    [InlineData("wordpiece-lower")]
    [InlineData("json-no-merges")]
    [InlineData("json-characters")]
    [InlineData("json-words")]
    [InlineData("json-wordpiece")]
    [InlineData("json-prefix-space")]
    public void Encode_MatchesHuggingFace(string folder) => Check(Tokenizer.Load(Files.Golden("Tokenization", folder)), folder);

    [Theory]
    [InlineData("atom")]
    [InlineData("bpe")]
    [InlineData("wordpiece")]
    [InlineData("wordpiece-lower")]
    [InlineData("json-no-merges")]
    [InlineData("json-wordpiece")]
    public void Save_IsReadBackAsTheSame(string folder)
    {
        using TemporaryFolder saved = new();
        Tokenizer.Load(Files.Golden("Tokenization", folder)).Save(saved.Path);
        Check(Tokenizer.Load(saved.Path), folder);
    }

    [Fact]
    public void Encode_WithTheVocabularyOfRxnfp_MatchesHuggingFace()
    {
        using TemporaryFolder folder = new();
        File.Copy(Files.Shared("tokenizers", "vocab-591.txt"), Path.Combine(folder.Path, "vocab.txt"));
        Check(Tokenizer.Load(folder.Path), "vocab-591");
    }

    private static void Check(Tokenizer tokenizer, string folder)
    {
        int[][] expected = Read<int[][]>(folder, "ids.json.gz");
        Assert.Equal(Molecules.Value.Length, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            int[] actual = tokenizer.Encode(Molecules.Value[i]).Ids;
            if (!expected[i].AsSpan().SequenceEqual(actual))
                Assert.Fail($"molecule {i} \"{Shown(Molecules.Value[i])}\": expected {Shown(string.Join(' ', expected[i]))}, got {Shown(string.Join(' ', actual))}");
        }
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "...";

    private static T Read<T>(params string[] path)
    {
        using GZipStream stream = new(File.OpenRead(Files.Golden(["Tokenization", .. path])), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(stream)!;
    }
}
