namespace SmilesBert.Hub;

/// <summary>A file of a finished download.</summary>
/// <param name="File">Name, size and hash.</param>
/// <param name="WasThere">Whether it was in the folder already.</param>
public sealed record DownloadedFile(HubFile File, bool WasThere);
