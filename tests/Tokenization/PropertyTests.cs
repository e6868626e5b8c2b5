using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Tokenization;

/// <summary>What must hold for any text, tried on random ones (fixed seed).</summary>
public sealed class PropertyTests
{
    private const string Characters = "CCCNOSPFIBrlccnosp()[[]]..==##-+\\/:~@@?>>*$%%0123456789HXae é€\u4e2d";

    [Fact]
    public void AtomPattern_IsTheRegularExpression()
    {
        Regex regex = new(AtomPattern.Regex);
        foreach (string text in RandomTexts(20_000))
        {
            TextPieces pieces = new(text);
            new AtomPattern().Apply(pieces);
            Assert.Equal(regex.Matches(text).Select(match => match.Value), pieces.Pieces.Select(piece => pieces.Span(piece).ToString()));
        }
    }

    [Fact]
    public void Encode_OfAtoms_AccountsForEveryCharacter()
    {
        Tokenizer tokenizer = Tokenizer.Load(Files.Golden("Tokenization", "atom"));
        foreach (string text in RandomTexts(5_000))
        {
            // Tokens and lost text, put together in order, are the text again.
            TokenizedMolecule molecule = tokenizer.Encode(text);
            Queue<LostText> lost = new(molecule.Lost);
            StringBuilder whole = new();
            foreach (int id in molecule.Ids[1..^1])
            {
                while (lost.TryPeek(out LostText next) && next.Skipped && next.Position == whole.Length) whole.Append(lost.Dequeue().Text);
                whole.Append(id == tokenizer.UnknownId ? lost.Dequeue().Text : tokenizer.Token(id));
            }
            while (lost.TryDequeue(out LostText rest)) whole.Append(rest.Text);
            Assert.Equal(text, whole.ToString());
        }
    }

    [Fact]
    public void Encode_OfByteLevelBpe_IsLossless()
    {
        Tokenizer tokenizer = Tokenizer.Load(Files.Golden("Tokenization", "bpe"));
        Dictionary<char, byte> bytes = ByteLevel.Alphabet.Select((c, value) => (c, value)).ToDictionary(pair => pair.c, pair => (byte)pair.value);
        foreach (string text in RandomTexts(5_000))
        {
            TokenizedMolecule molecule = tokenizer.Encode(text);
            Assert.Empty(molecule.Lost);
            byte[] decoded = [.. molecule.Ids[1..^1].SelectMany(id => tokenizer.Token(id)).Select(c => bytes[c])];
            Assert.Equal(text, Encoding.UTF8.GetString(decoded));
        }
    }

    [Theory]
    [InlineData("bpe")]
    [InlineData("wordpiece")]
    [InlineData("atom")]
    public void Encode_OfAHugeText_TakesNearlyLinearTime(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(Files.Golden("Tokenization", folder));
        string text = string.Concat(Enumerable.Repeat("CCOCCNC", 150_000));
        Stopwatch watch = Stopwatch.StartNew();
        tokenizer.Encode(text);
        // A second or so; quadratic time would be a quarter of an hour.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    private static IEnumerable<string> RandomTexts(int count)
    {
        Random random = new(20260722);
        for (int i = 0; i < count; i++)
        {
            char[] text = new char[random.Next(40)];
            for (int at = 0; at < text.Length; at++) text[at] = Characters[random.Next(Characters.Length)];
            yield return new string(text);
        }
    }
}
