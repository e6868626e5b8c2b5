namespace SmilesBert.Hub;

/// <summary>How the hub names a file's content.</summary>
public enum ContentHashKind
{
    /// <summary>Of the content itself.</summary>
    Sha256,

    /// <summary>Git's name of the content as a blob.</summary>
    GitSha1,
}
