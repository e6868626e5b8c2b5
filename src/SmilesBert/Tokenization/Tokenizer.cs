using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmilesBert.Weights;

namespace SmilesBert.Tokenization;

/// <summary>
/// Turns SMILES into token ids as the model of a folder expects them. Whatever files the folder holds are understood as one tokenizer.json
/// (<see cref="TokenizerFolder"/>): steps that rewrite and cut the text, a model that maps pieces to ids, and the marks around a molecule.
/// Safe to use from several threads.
/// </summary>
public sealed class Tokenizer
{
    // Written for people too: one field a line, and no \u002B in place of +. The same bytes on every system.
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<ITextStep> steps;
    private readonly ITokenModel model;
    private readonly Vocabulary vocabulary;
    private readonly JsonObject document;
    private readonly IReadOnlyDictionary<string, byte[]> ownFiles;

    private Tokenizer(TokenizerFolder folder)
    {
        TokenizerJson json = new(folder.Document, folder.Names);
        (steps, model, vocabulary, document, ownFiles) = (json.Steps, json.Model, json.Vocabulary, folder.Document.Object(), folder.OwnFiles);

        string file = folder.Document.File;
        if (json.Before.Count != 1 || json.After.Count != 1)
            throw new InputException(
                $"{file}: the post-processor puts {json.Before.Count} tokens before a molecule and {json.After.Count} after it; "
                + "expected [CLS] and [SEP], one each.");
        (ClsId, SepId) = (json.Before[0], json.After[0]);
        foreach (int id in (int[])[ClsId, SepId])
            if (vocabulary.Token(id).Length == 0)
                throw new InputException($"{file}: the post-processor names the id {id}, which the vocabulary does not have.");
        UnknownId = json.Unknown;
        PadId = SpecialTokens.Require(file, vocabulary, "padding", folder.Names.Pad, "[PAD]", "<pad>");
        MaskId = SpecialTokens.Find(vocabulary, folder.Names.Mask, "[MASK]", "<mask>");

        VocabularySize = vocabulary.LargestId + 1;
        HashSet<int> special = [ClsId, SepId, PadId, UnknownId, .. json.Added.Where(token => token.Special).Select(token => token.Id)];
        if (MaskId is { } mask) special.Add(mask);
        SpecialIds = special;
        Description = string.Join("; ", [$"{json.Kind} ({folder.Source})", .. folder.Remarks, .. json.Remarks]);
    }

    /// <summary>
    /// What was chosen and from which files, such as "atom regex, 591 entries (vocab.txt)", followed by anything about it that the user should know.
    /// </summary>
    public string Description { get; }

    /// <summary>The largest id + 1: the rows that an embedding table needs.</summary>
    public int VocabularySize { get; }

    /// <summary>[CLS] or &lt;s&gt;, before every molecule.</summary>
    public int ClsId { get; }

    /// <summary>[SEP] or &lt;/s&gt;, after every molecule.</summary>
    public int SepId { get; }

    /// <summary>[PAD] or &lt;pad&gt;; RoBERTa counts positions from it.</summary>
    public int PadId { get; }

    /// <summary>[UNK] or &lt;unk&gt;.</summary>
    public int UnknownId { get; }

    /// <summary>[MASK] or &lt;mask&gt;; null where the vocabulary has none.</summary>
    public int? MaskId { get; }

    /// <summary>Ids that stand for no text: those above and whatever else the files call special.</summary>
    public IReadOnlySet<int> SpecialIds { get; }

    /// <summary>The token of an id as the vocabulary writes it (byte-level BPE writes a space as Ġ); empty for an id that stands for none.</summary>
    public string Token(int id) => vocabulary.Token(id);

    /// <summary>The ids of a molecule, with the marks around it, and what of its text was lost.</summary>
    public TokenizedMolecule Encode(string smiles)
    {
        TextPieces text = new(smiles);
        foreach (ITextStep step in steps) step.Apply(text);

        EncodingBuilder output = new(text);
        output.Add(ClsId);
        int done = 0;
        foreach (Piece piece in text.Pieces)
        {
            SkipTo(piece.Start);
            if (piece.IsAddedToken) output.Add(piece.Id);
            else model.Encode(text, piece, output);
            done = piece.End;
        }
        SkipTo(text.Text.Length);
        output.Add(SepId);
        return output.Finish();

        void SkipTo(int start)
        {
            if (start > done && !text.IsInserted(done, start)) output.Skipped(done, start);
        }
    }

    /// <summary>
    /// Reads the tokenizer of a model folder: tokenizer.json; else vocab.json with merges.txt (byte-level BPE); else vocab.txt, which is WordPiece
    /// when it has ## entries, and a list of atoms otherwise or where tokenizer_config.json says SmilesTokenizer.
    /// </summary>
    /// <exception cref="InputException">The folder holds none, or one that is broken, incomplete or of an unknown kind.</exception>
    public static Tokenizer Load(string folder) => new(new TokenizerFolder(folder));

    /// <summary>The tokenizer of a vocabulary alone: what vocab.txt holds, an entry a line, its id the line's number from 0.</summary>
    /// <param name="source">The file, or what made it, for messages.</param>
    /// <param name="vocabulary">UTF-8 text.</param>
    /// <exception cref="InputException">It is empty, no text, or lacks a special token.</exception>
    public static Tokenizer OfVocabulary(string source, byte[] vocabulary) => new(new TokenizerFolder(source, vocabulary));

    /// <summary>
    /// Writes the files that the tokenizer was read from, and with them the tokenizer.json, tokenizer_config.json and special_tokens_map.json
    /// that HuggingFace's transformers loads. The folder is made where it is absent.
    /// </summary>
    /// <exception cref="IOException">A file cannot be written; none is left half-written.</exception>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in ownFiles) Write(name, content);
        Write("tokenizer.json", document);

        JsonObject names = new()
        {
            ["cls_token"] = Token(ClsId),
            ["sep_token"] = Token(SepId),
            ["pad_token"] = Token(PadId),
            ["unk_token"] = Token(UnknownId),
        };
        if (MaskId is { } mask) names["mask_token"] = Token(mask);
        Write("special_tokens_map.json", names);

        // The general class: transformers has none for atoms, and tokenizer.json says all the rest.
        JsonObject config = (JsonObject)names.DeepClone();
        config["tokenizer_class"] = "PreTrainedTokenizerFast";
        config["clean_up_tokenization_spaces"] = false;
        Write("tokenizer_config.json", config);

        void Write(string name, object content)
        {
            byte[] bytes = content as byte[] ?? [.. JsonSerializer.SerializeToUtf8Bytes(content, Readable), (byte)'\n'];
            AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(bytes));
        }
    }
}
