namespace SmilesBert.Tokenization;

/// <summary>The ids of one molecule as they are found, and what was lost.</summary>
internal sealed class EncodingBuilder(TextPieces text)
{
    private readonly List<int> ids = new(text.Text.Length + 2);
    private List<LostText>? lost;

    public void Add(int id) => ids.Add(id);

    /// <summary>Text that the unknown token stands for.</summary>
    public void Unknown(int start, int end) => Lose(start, end, skipped: false);

    /// <summary>Text that no token stands for.</summary>
    public void Skipped(int start, int end) => Lose(start, end, skipped: true);

    public TokenizedMolecule Finish()
    {
        foreach (int position in text.Removed ?? [])
            (lost ??= []).Add(new LostText(position, text.Molecule[position].ToString(), Skipped: true));
        lost?.Sort((a, b) => a.Position.CompareTo(b.Position));
        return new TokenizedMolecule([.. ids], lost is null ? [] : lost);
    }

    private void Lose(int start, int end, bool skipped)
    {
        (int position, string original) = text.Original(start, end);
        LostText item = new(position, original, skipped);
        if (lost is null || lost[^1] != item) (lost ??= []).Add(item); // a character of several bytes is lost once
    }
}
