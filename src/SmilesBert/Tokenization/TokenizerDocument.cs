using System.Text.Json.Nodes;

namespace SmilesBert.Tokenization;

/// <summary>The tokenizer.json that each older kind of folder stands for.</summary>
internal static class TokenizerDocument
{
    /// <summary>Characters that a WordPiece word may have: HuggingFace's reader wants a number; the usual 100 turns molecules into [UNK].</summary>
    public const int NoWordLimit = 1_000_000_000;

    public static JsonObject Atoms(IReadOnlyList<KeyValuePair<string, int>> entries, SpecialTokens marks)
    {
        JsonObject vocabulary = Vocabulary(entries);
        return Document(
            vocabulary, marks,
            normalizer: null,
            preTokenizer: new JsonObject
            {
                ["type"] = "Split",
                ["pattern"] = new JsonObject { ["Regex"] = AtomPattern.Regex },
                ["behavior"] = "Removed",
                ["invert"] = true,
            },
            postProcessor: Template(vocabulary, marks),
            decoder: new JsonObject { ["type"] = "Fuse" },
            model: new JsonObject { ["type"] = "WordLevel", ["vocab"] = vocabulary, ["unk_token"] = marks.Unknown });
    }

    public static JsonObject WordPiece(
        IReadOnlyList<KeyValuePair<string, int>> entries, SpecialTokens marks, bool lowercase, bool stripAccents, bool spaceChinese)
    {
        JsonObject vocabulary = Vocabulary(entries);
        return Document(
            vocabulary, marks,
            normalizer: new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = spaceChinese,
                ["strip_accents"] = stripAccents,
                ["lowercase"] = lowercase,
            },
            preTokenizer: new JsonObject { ["type"] = "BertPreTokenizer" },
            postProcessor: Template(vocabulary, marks),
            decoder: new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = false },
            model: new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = marks.Unknown,
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = NoWordLimit,
                ["vocab"] = vocabulary,
            });
    }

    public static JsonObject ByteLevelBpe(JsonField vocab, JsonArray merges, SpecialTokens marks, bool addPrefixSpace)
    {
        JsonObject vocabulary = Vocabulary(vocab.Ids());
        return Document(
            vocabulary, marks,
            normalizer: null,
            preTokenizer: ByteLevel(addPrefixSpace),
            postProcessor: new JsonObject
            {
                ["type"] = "RobertaProcessing",
                ["sep"] = new JsonArray(marks.Sep, vocabulary[marks.Sep!]!.DeepClone()),
                ["cls"] = new JsonArray(marks.Cls, vocabulary[marks.Cls!]!.DeepClone()),
                ["trim_offsets"] = true,
                ["add_prefix_space"] = addPrefixSpace,
            },
            decoder: ByteLevel(addPrefixSpace: true),
            model: new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = marks.Unknown,
                ["continuing_subword_prefix"] = "",
                ["end_of_word_suffix"] = "",
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = merges,
            });
    }

    private static JsonObject ByteLevel(bool addPrefixSpace) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = true };

    private static JsonObject Document(
        JsonObject vocabulary, SpecialTokens marks,
        JsonObject? normalizer, JsonObject preTokenizer, JsonObject postProcessor, JsonObject decoder, JsonObject model) =>
        new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = Added(vocabulary, marks),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = postProcessor,
            ["decoder"] = decoder,
            ["model"] = model,
        };

    private static JsonObject Vocabulary(IEnumerable<KeyValuePair<string, int>> entries)
    {
        JsonObject vocabulary = [];
        foreach ((string token, int id) in entries.OrderBy(entry => entry.Value)) vocabulary[token] = id;
        return vocabulary;
    }

    private static JsonArray Added(JsonObject vocabulary, SpecialTokens marks)
    {
        string[] names = [.. new[] { marks.Cls, marks.Sep, marks.Pad, marks.Unknown, marks.Mask }.OfType<string>().Distinct()];
        return [.. names.OrderBy(name => vocabulary[name]!.GetValue<int>()).Select(name => new JsonObject
        {
            ["id"] = vocabulary[name]!.DeepClone(),
            ["content"] = name,
            ["single_word"] = false,
            ["lstrip"] = name == "<mask>", // RoBERTa's mask takes the space before it
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        })];
    }

    private static JsonObject Template(JsonObject vocabulary, SpecialTokens marks)
    {
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Mark(marks.Cls!, 0), Molecule("A", 0), Mark(marks.Sep!, 0)),
            ["pair"] = new JsonArray(Mark(marks.Cls!, 0), Molecule("A", 0), Mark(marks.Sep!, 0), Molecule("B", 1), Mark(marks.Sep!, 1)),
            ["special_tokens"] = new JsonObject { [marks.Cls!] = Definition(marks.Cls!), [marks.Sep!] = Definition(marks.Sep!) },
        };

        static JsonObject Mark(string name, int type) => new() { ["SpecialToken"] = new JsonObject { ["id"] = name, ["type_id"] = type } };

        static JsonObject Molecule(string name, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = type } };

        JsonObject Definition(string name) =>
            new() { ["id"] = name, ["ids"] = new JsonArray(vocabulary[name]!.DeepClone()), ["tokens"] = new JsonArray(name) };
    }
}
