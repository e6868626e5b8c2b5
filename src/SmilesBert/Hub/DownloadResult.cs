namespace SmilesBert.Hub;

/// <summary>A finished download.</summary>
/// <param name="Reference">What was asked for.</param>
/// <param name="Commit">The commit that every file is of.</param>
/// <param name="Files">The files of the folder, each checked.</param>
/// <param name="ReceivedBytes">Bytes that came over the network.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record DownloadResult(
    HubReference Reference, string Commit, IReadOnlyList<DownloadedFile> Files, long ReceivedBytes, double Seconds)
{
    /// <summary>Bytes of all files.</summary>
    public long TotalBytes => Files.Sum(static file => file.File.Size);
}
