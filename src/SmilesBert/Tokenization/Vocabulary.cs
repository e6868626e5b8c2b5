namespace SmilesBert.Tokenization;

/// <summary>Tokens and their ids, both ways. Ids may have gaps.</summary>
internal sealed class Vocabulary
{
    private const int LargestPossible = (1 << 24) - 1;            // no table has more rows

    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> idsOfSpans;
    private readonly Dictionary<int, string> tokens = [];

    /// <param name="source">The file, for messages.</param>
    /// <param name="entries">Every token with its id.</param>
    /// <exception cref="InputException">Two tokens have one id, or an id is negative or beyond all tables.</exception>
    public Vocabulary(string source, IEnumerable<KeyValuePair<string, int>> entries)
    {
        ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, int id) in entries)
        {
            if (id < 0) throw new InputException($"{source}: the token \"{token}\" has the id {id}; ids begin at 0.");
            if (id > LargestPossible) throw new InputException($"{source}: the token \"{token}\" has the id {id}; ids end at {LargestPossible}.");
            if (tokens.TryGetValue(id, out string? other) && other != token)
                throw new InputException($"{source}: the tokens \"{other}\" and \"{token}\" both have the id {id}.");
            if (ids.TryGetValue(token, out int known) && known != id)
                throw new InputException($"{source}: the token \"{token}\" has two ids, {known} and {id}.");
            ids[token] = id;
            tokens[id] = token;
        }
        idsOfSpans = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => ids.Count;

    public int LargestId => tokens.Keys.Max();

    public IEnumerable<string> Tokens => ids.Keys;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => idsOfSpans.TryGetValue(token, out id);

    public int? Find(string? token) => token is not null && ids.TryGetValue(token, out int id) ? id : null;

    /// <summary>The token of an id; empty for an id in a gap.</summary>
    public string Token(int id) => tokens.GetValueOrDefault(id, "");
}
