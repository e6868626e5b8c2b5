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
    private readonly int[] lengths;             // that entries have, the longest first: of the lengths between there is nothing to look up
    private readonly int unknownId;

    public WordPieceModel(Vocabulary vocabulary, string prefix, int unknownId)
    {
        Dictionary<string, int> all = vocabulary.Tokens.ToDictionary(token => token, token => vocabulary.Find(token)!.Value, StringComparer.Ordinal);
        first = all.GetAlternateLookup<ReadOnlySpan<char>>();
        Dictionary<string, int> continued = all.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal);
        following = continued.GetAlternateLookup<ReadOnlySpan<char>>();
        lengths = [.. all.Keys.Concat(continued.Keys).Select(token => token.Length).Where(length => length > 0).Distinct().OrderDescending()];
        this.unknownId = unknownId;
    }

    public void Encode(TextPieces text, Piece piece, EncodingBuilder output)
    {
        ReadOnlySpan<char> rest = text.Span(piece);
        List<int> ids = [];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> entries = first;
        while (rest.Length > 0)
        {
            int length = 0, id = 0;
            foreach (int candidate in lengths)
            {
                if (candidate > rest.Length || !entries.TryGetValue(rest[..candidate], out id)) continue;
                length = candidate;
                break;
            }
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
