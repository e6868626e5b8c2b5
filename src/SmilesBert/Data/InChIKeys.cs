namespace SmilesBert.Data;

/// <summary>InChIKeys: hashed names of molecules, as many tables carry them beside the SMILES.</summary>
public static class InChIKeys
{
    private const int SkeletonLength = 14;

    /// <summary>Whether a text has the form of an InChIKey: 14, 10 and 1 capitals joined by '-'.</summary>
    public static bool IsOne(ReadOnlySpan<char> text)
    {
        if (text.Length != 27) return false;
        for (int i = 0; i < text.Length; i++)
            if (i is 14 or 25 ? text[i] != '-' : !char.IsAsciiLetterUpper(text[i])) return false;
        return true;
    }

    /// <summary>The part of an InChIKey that knows neither stereo nor charge: its first 14 characters.</summary>
    public static string SkeletonOf(string inchiKey) => inchiKey[..SkeletonLength];
}
