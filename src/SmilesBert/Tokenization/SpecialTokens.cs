namespace SmilesBert.Tokenization;

/// <summary>
/// The names that a folder's own files (special_tokens_map.json, tokenizer_config.json) give to the special tokens; null where they are silent.
/// </summary>
/// <param name="Cls">Begins a molecule.</param>
/// <param name="Sep">Ends a molecule.</param>
/// <param name="Pad">Padding.</param>
/// <param name="Unknown">Text outside the vocabulary.</param>
/// <param name="Mask">A hidden token.</param>
internal readonly record struct SpecialTokens(string? Cls, string? Sep, string? Pad, string? Unknown, string? Mask)
{
    /// <param name="files">The files' contents, the one that counts most first.</param>
    public static SpecialTokens Read(params IEnumerable<JsonField> files)
    {
        return new SpecialTokens(
            Name("cls_token", "bos_token"), Name("sep_token", "eos_token"), Name("pad_token"), Name("unk_token"), Name("mask_token"));

        string? Name(params string[] roles) => roles
            .SelectMany(role => files.Select(file => file[role]))
            .Select(field => field.TryText() ?? ContentOf(field))
            .FirstOrDefault(name => name is not null);
    }

    /// <summary>The id of the token with a role: the named one, else the first of the usual names that the vocabulary has.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static int Require(string source, Vocabulary vocabulary, string role, string? named, params string[] usual)
    {
        if (named is not null)
            return vocabulary.Find(named) ?? throw new InputException($"{source}: the {role} token \"{named}\" is not in the vocabulary.");
        return Find(vocabulary, null, usual)
            ?? throw new InputException($"{source}: the vocabulary has no {role} token; expected {string.Join(" or ", usual)}.");
    }

    public static int? Find(Vocabulary vocabulary, string? named, params string[] usual) =>
        vocabulary.Find(named) ?? usual.Select(vocabulary.Find).FirstOrDefault(id => id is not null);

    // In some files a token is an object that says how it is looked for.
    private static string? ContentOf(JsonField field)
    {
        if (field.IsAbsent) return null;
        return field["content"].TryText() ?? throw field.Wrong("a token or an object with its content");
    }
}
