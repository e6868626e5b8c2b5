namespace SmilesBert.Hub;

/// <summary>Who hears how a download goes.</summary>
public interface IDownloadLog
{
    void Message(string text);

    void Warning(string text);

    /// <summary>Called for each piece that has come.</summary>
    void Received(in DownloadProgress progress);
}
