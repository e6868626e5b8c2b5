namespace SmilesBert.Molecules;

/// <summary>Why a text is no SMILES.</summary>
/// <param name="Position">The character where it shows, from 1.</param>
/// <param name="What">What is wrong there, as a clause: "the '(' is never closed".</param>
public readonly record struct SmilesProblem(int Position, string What)
{
    /// <summary>One sentence about a text that has this problem.</summary>
    public string Sentence(ReadOnlySpan<char> smiles) => $"{Quote(smiles)} is no SMILES: {What} (character {Position})";

    private static string Quote(ReadOnlySpan<char> text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..57]}...'";
}
