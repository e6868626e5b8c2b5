using System.Text;
using System.Text.Json.Nodes;

namespace SmilesBert.Tokenization;

/// <summary>
/// Which tokenizer a model folder means: its tokenizer.json; else vocab.json with merges.txt (byte-level BPE); else vocab.txt, which is
/// WordPiece when it has ## entries and a list of atoms otherwise. The older kinds are written as the tokenizer.json that they stand for,
/// so that there is one reader, and every folder can be saved in the form that HuggingFace's transformers loads.
/// </summary>
internal sealed class TokenizerFolder
{
    // The first whose first file is there decides.
    private static readonly (string[] Files, Func<TokenizerFolder, JsonField> Read)[] Forms =
    [
        (["tokenizer.json"], static folder => folder.ReadTokenizerJson()),
        (["vocab.json", "merges.txt"], static folder => folder.ReadBpe()),
        (["vocab.txt"], static folder => folder.ReadVocabulary()),
    ];

    private readonly string folder;
    private readonly byte[]? vocabularyAlone;
    private readonly JsonField config;

    /// <exception cref="InputException">The folder holds no tokenizer, or a file cannot be read.</exception>
    public TokenizerFolder(string folder)
    {
        this.folder = folder;
        if (!Directory.Exists(folder)) throw new InputException($"There is no folder {folder} to read a tokenizer from.");
        config = ReadOptional("tokenizer_config.json");
        Names = SpecialTokens.Read(ReadOptional("special_tokens_map.json"), config);
        Func<TokenizerFolder, JsonField> read = Array.Find(Forms, form => Has(form.Files[0])).Read
            ?? throw new InputException($"The folder {folder} holds no tokenizer: expected tokenizer.json, vocab.json with merges.txt, or vocab.txt.");
        Document = read(this);
    }

    /// <summary>The tokenizer that a vocabulary makes without a folder around it.</summary>
    /// <param name="source">The file, or what made it, for messages.</param>
    /// <param name="vocabulary">What vocab.txt holds.</param>
    /// <exception cref="InputException">It is empty, or lacks a special token.</exception>
    public TokenizerFolder(string source, byte[] vocabulary)
    {
        folder = source;
        vocabularyAlone = vocabulary;
        config = new JsonField(source, "", null);
        Names = SpecialTokens.Read(config);
        Document = ReadVocabulary();
        Source = source;
    }

    public SpecialTokens Names { get; }

    /// <summary>The tokenizer.json that the folder holds or stands for.</summary>
    public JsonField Document { get; }

    /// <summary>The files that it came from, as the description names them.</summary>
    public string Source { get; private set; } = "";

    public List<string> Remarks { get; } = [];

    /// <summary>Which files would be read of a folder that holds some; none where they make no tokenizer.</summary>
    public static IReadOnlyList<string> FilesRead(Predicate<string> has)
    {
        return Array.Find(Forms, form => has(form.Files[0])).Files is { } files && Array.TrueForAll(files, has)
            ? [.. files, .. Array.FindAll(["tokenizer_config.json", "special_tokens_map.json"], has)] : [];
    }

    /// <summary>Files in the folder's own form, that are written again beside tokenizer.json.</summary>
    public Dictionary<string, byte[]> OwnFiles { get; } = [];

    private JsonField ReadTokenizerJson()
    {
        Source = "tokenizer.json";
        JsonField document = JsonField.Parse(PathOf(Source), ReadBytes(Source));
        // Over-long molecules are the caller's concern, and batches are packed.
        document.Object()["truncation"] = null;
        document.Object()["padding"] = null;
        if (document["model"]["type"].TryText() == "WordPiece")
            document["model"].Object()["max_input_chars_per_word"] = TokenizerDocument.NoWordLimit;
        return document;
    }

    private JsonField ReadBpe()
    {
        if (!Has("merges.txt")) throw new InputException($"The folder {folder} has vocab.json but no merges.txt, and byte-level BPE needs both.");
        Source = "vocab.json + merges.txt";
        JsonField vocabulary = JsonField.Parse(PathOf("vocab.json"), Keep("vocab.json"));
        JsonArray merges = [];
        int number = 0;
        foreach (string line in Lines("merges.txt"))
        {
            number++;
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal)) continue; // a merge too may begin with #
            string[] pair = line.Split(' ');
            if (pair.Length != 2)
                throw new InputException($"{PathOf("merges.txt")}, line {number}: found \"{line}\", expected two entries with a space between.");
            merges.Add(new JsonArray(pair[0], pair[1]));
        }
        SpecialTokens marks = Marks(PathOf("vocab.json"), vocabulary.Ids());
        return Made("vocab.json", TokenizerDocument.ByteLevelBpe(vocabulary, merges, marks, config["add_prefix_space"].Flag(false)));
    }

    private JsonField ReadVocabulary()
    {
        Source = "vocab.txt";
        List<KeyValuePair<string, int>> entries = ReadEntries();
        SpecialTokens marks = Marks(PathOf(Source), entries);
        bool hasPieces = entries.Any(entry => entry.Key.StartsWith("##", StringComparison.Ordinal));
        if (!hasPieces || config["tokenizer_class"].TryText() is "SmilesTokenizer") return Made(Source, TokenizerDocument.Atoms(entries, marks));

        bool lowercase = config["do_lower_case"].Flag(true); // BERT's default
        return Made(Source, TokenizerDocument.WordPiece(
            entries, marks, lowercase, config["strip_accents"].Flag(lowercase), config["tokenize_chinese_chars"].Flag(true)));
    }

    /// <summary>The entries of vocab.txt: an entry's id is its line, from 0; of two equal lines the later counts, as in BERT's own reader.</summary>
    private List<KeyValuePair<string, int>> ReadEntries()
    {
        string[] lines = Lines("vocab.txt");
        Dictionary<string, int> entries = new(StringComparer.Ordinal);
        for (int id = 0; id < lines.Length; id++)
        {
            if (lines[id].Length == 0) continue;
            if (entries.TryGetValue(lines[id], out int earlier))
                Remarks.Add($"the entry {lines[id]} stands on lines {earlier + 1} and {id + 1} of vocab.txt, and the later counts");
            entries[lines[id]] = id;
        }
        if (entries.Count == 0) throw new InputException($"{PathOf("vocab.txt")} is empty; expected one vocabulary entry per line.");
        return [.. entries.OrderBy(entry => entry.Value)];
    }

    /// <summary>The names of the special tokens, every one but the mask's known to be in the vocabulary.</summary>
    private SpecialTokens Marks(string source, IEnumerable<KeyValuePair<string, int>> entries)
    {
        Vocabulary vocabulary = new(source, entries);
        return new SpecialTokens(
            Name("beginning", Names.Cls, "[CLS]", "<s>"), Name("end", Names.Sep, "[SEP]", "</s>"), Name("padding", Names.Pad, "[PAD]", "<pad>"),
            Name("unknown", Names.Unknown, "[UNK]", "<unk>"),
            SpecialTokens.Find(vocabulary, Names.Mask, "[MASK]", "<mask>") is { } mask ? vocabulary.Token(mask) : null);

        string Name(string role, string? named, params string[] usual) =>
            vocabulary.Token(SpecialTokens.Require(source, vocabulary, role, named, usual));
    }

    private JsonField Made(string source, JsonObject document) => new(PathOf(source), "", document);

    private bool Has(string name) => File.Exists(PathOf(name));

    private string PathOf(string name) => vocabularyAlone is null ? Path.Combine(folder, name) : folder;

    private JsonField ReadOptional(string name) => Has(name) ? JsonField.Parse(PathOf(name), ReadBytes(name)) : new JsonField(PathOf(name), "", null);

    private byte[] Keep(string name) => OwnFiles[name] = ReadBytes(name);

    private byte[] ReadBytes(string name)
    {
        if (vocabularyAlone is not null) return vocabularyAlone;
        try
        {
            return File.ReadAllBytes(PathOf(name));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{PathOf(name)} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>The lines of a text file without their ends (LF or CRLF), without empty ones at its end.</summary>
    private string[] Lines(string name)
    {
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Keep(name)).TrimStart('\uFEFF').TrimEnd('\r', '\n');
            return text.Length == 0 ? [] : [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
        }
        catch (DecoderFallbackException problem)
        {
            throw new InputException($"{PathOf(name)} is not UTF-8 text.", problem);
        }
    }
}
