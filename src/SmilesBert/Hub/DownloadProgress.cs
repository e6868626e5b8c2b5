namespace SmilesBert.Hub;

/// <summary>How far a download is.</summary>
/// <param name="File">The file under way.</param>
/// <param name="Bytes">Bytes of all files that are on the disk.</param>
/// <param name="TotalBytes">Bytes of all files.</param>
/// <param name="ReceivedBytes">Bytes that came in this session.</param>
/// <param name="Seconds">Seconds of this session.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long TotalBytes, long ReceivedBytes, double Seconds);
