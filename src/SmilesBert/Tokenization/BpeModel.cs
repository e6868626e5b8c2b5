namespace SmilesBert.Tokenization;

/// <summary>
/// Byte-pair encoding (R. Sennrich et al., 2016): a piece begins as single characters, and as long as two neighbours form a merge,
/// the earliest merge of the list is carried out, leftmost first. A queue holds the candidates, so a piece of n characters costs n log n.
/// </summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly Vocabulary vocabulary;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Result)> merges = [];
    private readonly int? unknownId;
    private readonly bool fuseUnknown;
    private readonly bool wholePiecesFirst;

    [ThreadStatic] private static Word? scratch;

    /// <param name="source">The file, for messages.</param>
    /// <param name="vocabulary">Holds the characters and the result of every merge.</param>
    /// <param name="mergeList">Pairs of entries in order of rank.</param>
    /// <param name="unknownId">Stands for a character that the vocabulary lacks; null: such a character is passed over.</param>
    /// <param name="fuseUnknown">Whether neighbouring unknown characters become one token.</param>
    /// <param name="wholePiecesFirst">Whether a piece that is an entry is taken as it is, without merges.</param>
    /// <exception cref="InputException">A merge names an entry that the vocabulary lacks.</exception>
    public BpeModel(
        string source, Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> mergeList,
        int? unknownId, bool fuseUnknown, bool wholePiecesFirst)
    {
        (this.vocabulary, this.unknownId, this.fuseUnknown, this.wholePiecesFirst) = (vocabulary, unknownId, fuseUnknown, wholePiecesFirst);
        for (int rank = 0; rank < mergeList.Count; rank++)
        {
            (string left, string right) = mergeList[rank];
            merges[(Id(left), Id(right))] = (rank, Id(left + right));

            int Id(string token) => vocabulary.Find(token) ?? throw new InputException(
                $"{source}: merge {rank + 1} (\"{left} {right}\") needs \"{token}\", which the vocabulary does not have.");
        }
    }

    public void Encode(TextPieces text, Piece piece, EncodingBuilder output)
    {
        if (wholePiecesFirst && vocabulary.TryGetId(text.Span(piece), out int whole))
        {
            output.Add(whole);
            return;
        }
        Word word = scratch ??= new Word();
        Begin(word, text, piece, output);
        Merge(word);
        for (int at = 0; at >= 0 && at < word.Count; at = word.Next[at]) output.Add(word.Ids[at]);
    }

    private void Begin(Word word, TextPieces text, Piece piece, EncodingBuilder output)
    {
        word.Clear(piece.End - piece.Start);
        bool afterUnknown = false;
        for (int at = piece.Start, length; at < piece.End; at += length)
        {
            length = char.IsHighSurrogate(text.Text[at]) && at + 1 < piece.End ? 2 : 1;
            bool known = vocabulary.TryGetId(text.Text.AsSpan(at, length), out int id);
            if (known) word.Add(id);
            else if (unknownId is null) output.Skipped(at, at + length);
            else
            {
                output.Unknown(at, at + length);
                if (!(fuseUnknown && afterUnknown)) word.Add(unknownId.Value);
            }
            afterUnknown = !known;
        }
    }

    private void Merge(Word word)
    {
        for (int at = 0; at + 1 < word.Count; at++) Offer(word, at);
        while (word.Queue.TryDequeue(out Candidate candidate, out _))
        {
            int left = candidate.At;
            int right = word.Next[left];
            // An earlier merge may have taken one of the two: then the pair is no longer the one that was offered.
            if (word.Ids[left] != candidate.Left || right < 0 || word.Ids[right] != candidate.Right) continue;

            word.Ids[left] = candidate.Result;
            word.Ids[right] = Word.Taken;
            int after = word.Next[left] = word.Next[right];
            if (after >= 0)
            {
                word.Previous[after] = left;
                Offer(word, left);
            }
            if (word.Previous[left] >= 0) Offer(word, word.Previous[left]);
        }
    }

    private void Offer(Word word, int at)
    {
        (int left, int right) = (word.Ids[at], word.Ids[word.Next[at]]);
        if (merges.TryGetValue((left, right), out (int Rank, int Result) merge))
            word.Queue.Enqueue(new Candidate(at, left, right, merge.Result), ((long)merge.Rank << 32) | (uint)at);
    }

    /// <summary>Two neighbours that form a merge, as they were when it was offered.</summary>
    private readonly record struct Candidate(int At, int Left, int Right, int Result);

    /// <summary>A piece's symbols as a linked list in arrays, kept from piece to piece.</summary>
    private sealed class Word
    {
        public const int Taken = -1;

        public int[] Ids { get; private set; } = [];

        public int[] Next { get; private set; } = [];

        public int[] Previous { get; private set; } = [];

        public int Count { get; private set; }

        public PriorityQueue<Candidate, long> Queue { get; } = new();

        public void Clear(int capacity)
        {
            Count = 0;
            if (Ids.Length < capacity) (Ids, Next, Previous) = (new int[capacity], new int[capacity], new int[capacity]);
        }

        public void Add(int id)
        {
            Ids[Count] = id;
            Previous[Count] = Count - 1;
            Next[Count] = -1;
            if (Count > 0) Next[Count - 1] = Count;
            Count++;
        }
    }
}
