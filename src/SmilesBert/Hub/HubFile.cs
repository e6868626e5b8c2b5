namespace SmilesBert.Hub;

/// <summary>A file at the root of a repository, as its listing states it.</summary>
/// <param name="Name">The name; it holds no path.</param>
/// <param name="Size">Bytes of the content.</param>
/// <param name="Hash">What the content must hash to.</param>
public sealed record HubFile(string Name, long Size, ContentHash Hash)
{
    /// <summary>The hidden file that holds what has come so far; named by the content, so that no other one is ever added to it.</summary>
    public string PartName => $".{Name}.{Hash.Hex}.part";
}
