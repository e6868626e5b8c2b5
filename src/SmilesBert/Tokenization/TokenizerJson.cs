using System.Globalization;
using System.Text.RegularExpressions;

namespace SmilesBert.Tokenization;

/// <summary>
/// What a tokenizer.json means: the steps from text to pieces, the model from pieces to ids, and the marks around a molecule.
/// The kinds that SMILES models use are known; any other is refused by name.
/// </summary>
internal sealed class TokenizerJson
{
    // A match takes microseconds, if it does not go through all the ways to match something.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(2);

    private readonly List<ITextStep> steps = [];
    private readonly List<string> remarks = [];
    private readonly JsonField model;
    private string pieces = "";

    /// <exception cref="InputException">Something is missing, wrong or of an unknown kind.</exception>
    public TokenizerJson(JsonField document, SpecialTokens named)
    {
        model = document["model"];
        Added = [.. document["added_tokens"].Items().Select(ReadAddedToken)];
        Entries = new Vocabulary(document.File, model["vocab"].Ids());
        Vocabulary = new Vocabulary(document.File, model["vocab"].Ids().Concat(Added.Select(token => KeyValuePair.Create(token.Content, token.Id))));
        Unknown = SpecialTokens.Require(document.File, Vocabulary, "unknown", model["unk_token"].TryText() ?? named.Unknown, "[UNK]", "<unk>");

        if (Added.Any(token => !token.Normalized)) steps.Add(new AddedTokens(Added.Where(token => !token.Normalized)));
        AddNormalizer(document["normalizer"]);
        if (Added.Any(token => token.Normalized)) steps.Add(new AddedTokens(Added.Where(token => token.Normalized)));
        AddPreTokenizer(document["pre_tokenizer"]);
        Model = ReadModel();
        (Before, After) = ReadTemplate(document["post_processor"]);
    }

    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>The model's own entries, without the added tokens.</summary>
    public Vocabulary Entries { get; }

    public Vocabulary Vocabulary { get; }

    public int Unknown { get; }

    public IReadOnlyList<ITextStep> Steps => steps;

    public ITokenModel Model { get; }

    /// <summary>Ids that stand before a molecule.</summary>
    public IReadOnlyList<int> Before { get; }

    /// <summary>Ids that stand after a molecule.</summary>
    public IReadOnlyList<int> After { get; }

    /// <summary>The kind and size, such as "byte-level BPE, 600 entries, 0 merges".</summary>
    public string Kind { get; private set; } = "";

    /// <summary>What the user should know about it.</summary>
    public IReadOnlyList<string> Remarks => remarks;

    private static AddedToken ReadAddedToken(JsonField token)
    {
        bool special = token["special"].Flag(false);
        string content = token["content"].Text();
        if (content.Length == 0) throw token["content"].Wrong("a token");
        return new AddedToken(
            token["id"].Integer(), content, special, token["normalized"].Flag(!special),
            token["single_word"].Flag(false), token["lstrip"].Flag(false), token["rstrip"].Flag(false));
    }

    private void AddNormalizer(JsonField normalizer)
    {
        if (normalizer.IsAbsent) return;
        switch (normalizer["type"].Text())
        {
            case "Sequence":
                foreach (JsonField part in normalizer["normalizers"].Items()) AddNormalizer(part);
                break;
            case "BertNormalizer":
                bool lowercase = normalizer["lowercase"].Flag(true);
                steps.Add(new BertNormalizer(
                    normalizer["clean_text"].Flag(true), normalizer["handle_chinese_chars"].Flag(true),
                    normalizer["strip_accents"].Flag(lowercase), lowercase));
                if (lowercase) RemarkOnLowercase();
                break;
            default:
                throw normalizer["type"].Unsupported("the normalizer", "BertNormalizer, Sequence");
        }
    }

    private void AddPreTokenizer(JsonField preTokenizer)
    {
        if (preTokenizer.IsAbsent) return;
        switch (preTokenizer["type"].Text())
        {
            case "Sequence":
                foreach (JsonField part in preTokenizer["pretokenizers"].Items()) AddPreTokenizer(part);
                break;
            case "ByteLevel":
                steps.Add(new ByteLevel(preTokenizer["add_prefix_space"].Flag(true), preTokenizer["use_regex"].Flag(true)));
                pieces = "byte-level ";
                break;
            case "Split":
                AddSplit(preTokenizer);
                break;
            case "Whitespace":
                steps.Add(WordSplit.WordsAndSymbols);
                break;
            case "WhitespaceSplit":
                steps.Add(WordSplit.AtWhiteSpace);
                break;
            case "BertPreTokenizer":
                steps.Add(WordSplit.Bert);
                break;
            default:
                throw preTokenizer["type"].Unsupported(
                    "the pre-tokenizer", "ByteLevel, Split, Whitespace, WhitespaceSplit, BertPreTokenizer, Sequence");
        }
    }

    private void AddSplit(JsonField split)
    {
        bool removes = split["behavior"].Text() switch
        {
            "Removed" => true,
            "Isolated" => false,
            _ => throw split["behavior"].Unsupported("the Split behavior", "Removed, Isolated"),
        };
        bool inverted = split["invert"].Flag(false);
        string? literal = split["pattern"]["String"].TryText();
        string pattern = literal is null ? split["pattern"]["Regex"].Text() : Regex.Escape(literal);
        if (removes && inverted && pattern == AtomPattern.Regex)
        {
            steps.Add(new AtomPattern());
            pieces = "atom regex";
            return;
        }
        try
        {
            Regex regex = new(pattern, RegexOptions.CultureInvariant, LongestMatch);
            steps.Add(new RegexSplit(split.File, regex, keepMatches: !removes || inverted, keepOthers: !removes || !inverted));
        }
        catch (ArgumentException problem)
        {
            throw new InputException($"{split.File}: the Split pattern {pattern} is no regular expression: {problem.Message}", problem);
        }
    }

    private ITokenModel ReadModel()
    {
        string entries = string.Create(CultureInfo.InvariantCulture, $"{Entries.Count} entries");
        switch (model["type"].TryText())
        {
            case "WordLevel":
                Kind = pieces == "atom regex" ? $"atom regex, {entries}" : $"word level, {entries}";
                return new WordLevelModel(Entries, Unknown);
            case "WordPiece":
                Kind = $"WordPiece, {entries}";
                return new WordPieceModel(Entries, model["continuing_subword_prefix"].TryText() ?? "##", Unknown);
            case "BPE":
                return ReadBpe(entries);
            default:
                throw model["type"].Unsupported("the model", "WordLevel, WordPiece, BPE");
        }
    }

    private BpeModel ReadBpe(string entries)
    {
        foreach (string option in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (!string.IsNullOrEmpty(model[option].TryText())) throw model[option].Unsupported($"a BPE model with {option}", "none");
        if (model["byte_fallback"].Flag(false)) throw model["byte_fallback"].Unsupported("a BPE model with byte_fallback", "false");
        if (!model["dropout"].IsAbsent) throw model["dropout"].Unsupported("a BPE model with dropout", "null");

        List<(string, string)> merges = [.. model["merges"].Items().Select(ReadMerge)];
        Kind = string.Create(CultureInfo.InvariantCulture, $"{pieces}BPE, {entries}, {merges.Count} merges");
        if (merges.Count == 0) RemarkOnMissingMerges();
        int? unknown = model["unk_token"].IsAbsent ? null : Unknown;
        return new BpeModel(model.File, Entries, merges, unknown, model["fuse_unk"].Flag(false), model["ignore_merges"].Flag(false));
    }

    private static (string Left, string Right) ReadMerge(JsonField merge)
    {
        string[] pair = merge.TryText() is { } line ? line.Split(' ') : [.. merge.Items().Select(item => item.Text())];
        return pair.Length == 2 ? (pair[0], pair[1]) : throw merge.Wrong("a pair of entries");
    }

    private static (int[] Before, int[] After) ReadTemplate(JsonField processor)
    {
        if (processor.IsAbsent) return ([], []);
        switch (processor["type"].Text())
        {
            case "ByteLevel": // concerns character offsets alone
                return ([], []);
            case "Sequence":
                (int[] Before, int[] After) all = ([], []);
                foreach (JsonField part in processor["processors"].Items())
                {
                    (int[] before, int[] after) = ReadTemplate(part);
                    all = ([.. before, .. all.Before], [.. all.After, .. after]);
                }
                return all;
            case "BertProcessing" or "RobertaProcessing":
                return ([Mark("cls")], [Mark("sep")]);
            case "TemplateProcessing":
                return ReadSingle(processor);
            default:
                throw processor["type"].Unsupported(
                    "the post-processor", "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence");
        }

        int Mark(string role)
        {
            JsonField[] pair = [.. processor[role].Items()];
            return pair.Length == 2 ? pair[1].Integer() : throw processor[role].Wrong("a token and its id");
        }
    }

    private static (int[] Before, int[] After) ReadSingle(JsonField processor)
    {
        List<int> before = [], after = [];
        List<int> current = before;
        foreach (JsonField part in processor["single"].Items())
        {
            if (part["SpecialToken"].IsAbsent) current = after; // the molecule's place
            else current.AddRange(processor["special_tokens"][part["SpecialToken"]["id"].Text()]["ids"].Items().Select(id => id.Integer()));
        }
        return ([.. before], [.. after]);
    }

    private void RemarkOnLowercase()
    {
        int lost = Entries.Tokens.Count(token => token.Any(char.IsAsciiLetterUpper) && Added.All(added => added.Content != token));
        string unused = lost == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {lost} entries with capitals are never used");
        remarks.Add($"its settings lower-case the text, so that C and c, N and n become one{unused} (do_lower_case)");
    }

    private void RemarkOnMissingMerges()
    {
        string[] unused = [.. Entries.Tokens.Where(token => token.EnumerateRunes().Count() > 1 && Added.All(added => added.Content != token))];
        if (unused.Length == 0) return;
        string example = unused.LastOrDefault(token => token.StartsWith('['), unused[0]);
        remarks.Add(string.Create(CultureInfo.InvariantCulture,
            $"the merges are empty, so {unused.Length} entries of several characters (such as {example}) are never used "
            + $"and every atom in brackets falls to single characters"));
    }
}
