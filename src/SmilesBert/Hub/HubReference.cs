using System.Text.RegularExpressions;
using SmilesBert.Weights;

namespace SmilesBert.Hub;

/// <summary>A model of the hub as a user names it: REPO or REPO@REVISION.</summary>
/// <param name="Repository">OWNER/NAME, or NAME alone for the hub's oldest models.</param>
/// <param name="Revision">A branch, a tag or a commit.</param>
public sealed partial record HubReference(string Repository, string Revision)
{
    private const string UsualRevision = "main";

    private const int LongestRepository = 96, LongestRevision = 200;

    /// <summary>Reads REPO[@REVISION] by the hub's own rules for names.</summary>
    /// <exception cref="InputException">It is no such name.</exception>
    public static HubReference Parse(string text)
    {
        string[] parts = text.Split('@', 2);
        string repository = parts[0], revision = parts.Length > 1 ? parts[1] : UsualRevision;
        if (!RepositoryName().IsMatch(repository) || repository.Length > LongestRepository
            || repository.Contains("--", StringComparison.Ordinal) || repository.Contains("..", StringComparison.Ordinal)
            || repository.EndsWith(".git", StringComparison.Ordinal))
            throw new InputException(
                $"{Shown.Text(repository)} is no name of a repository: expected OWNER/NAME, such as seyonec/ChemBERTa-zinc-base-v1");
        if (!RevisionName().IsMatch(revision) || revision.Length > LongestRevision || revision.Contains("..", StringComparison.Ordinal))
            throw new InputException($"{Shown.Text(revision)} is no name of a revision: expected a branch, a tag or a commit");
        return new HubReference(repository, revision);
    }

    public override string ToString() => Revision == UsualRevision ? Repository : $"{Repository}@{Revision}";

    [GeneratedRegex(@"^(?:[A-Za-z0-9_](?:[\w.-]*\w)?/)?[A-Za-z0-9_](?:[\w.-]*\w)?\z", RegexOptions.ECMAScript)]
    private static partial Regex RepositoryName();

    // What git forbids in the name of a branch or tag, and what leads out of an address's path.
    [GeneratedRegex(@"^[^\s\p{C}~^:?*\[\\/.][^\s\p{C}~^:?*\[\\]*(?<![/.])\z")]
    private static partial Regex RevisionName();
}
