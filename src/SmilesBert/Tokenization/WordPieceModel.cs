namespace SmilesBert.Tokenization;

/// <summary>
/// Greedy WordPiece: from each place the longest entry that fits, those after the first being entries that begin with the prefix (##).
/// A piece that cannot be covered to its end is unknown as a whole. A piece may be of any length: the usual limit of 100 characters
/// would turn whole molecules into [UNK].
/// </summary>
internal sealed class WordPieceModel : ITokenModel
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> first;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> following;
    private readonly int longest;
    private readonly int unknownId;

    public WordPieceModel(Vocabulary vocabulary, string prefix, int unknownId)
    {
        Dictionary<string, int> all = vocabulary.Tokens.ToDictionary(token => token, token => vocabulary.Find(token)!.Value, StringComparer.Ordinal);
        first = all.GetAlternateLookup<ReadOnlySpan<char>>();
        following = all.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        longest = all.Keys.Max(token => token.Length);
        this.unknownId = unknownId;
    }

    public void Encode(TextPieces text, Piece piece, EncodingBuilder output)
    {
        ReadOnlySpan<char> rest = text.Span(piece);
        List<int> ids = [];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> entries = first;
        while (rest.Length > 0)
        {
            int length = Math.Min(longest, rest.Length);
            int id = 0;
            while (length > 0 && !entries.TryGetValue(rest[..length], out id)) length--;
            if (length == 0)
            {
                output.Unknown(piece.Start, piece.End);
                output.Add(unknownId);
                return;
            }
            ids.Add(id);
            rest = rest[length..];
            entries = following;
        }
        foreach (int id in ids) output.Add(id);
    }
}
