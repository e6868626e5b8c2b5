using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SmilesBert.Hub;

/// <summary>
/// What the hub's listing says of a file's content: the SHA-256 of a large file (stored by LFS), or the name that git gives a small one,
/// which is the SHA-1 of "blob SIZE\0" and the content.
/// </summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Hex">The hash in lower-case hexadecimal digits.</param>
public readonly record struct ContentHash(ContentHashKind Kind, string Hex)
{
    /// <summary>The kind as results and messages name it.</summary>
    public string KindName => Kind == ContentHashKind.Sha256 ? "sha256" : "git_sha1";

    /// <summary>Begins to hash a file of a known size.</summary>
    internal IncrementalHash Begin(long size)
    {
        if (Kind == ContentHashKind.Sha256) return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
        return hash;
    }
}
