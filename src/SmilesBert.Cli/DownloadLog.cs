using System.Globalization;
using SmilesBert.Hub;

namespace SmilesBert.Cli;

/// <summary>A download on the terminal: what comes, how fast, how long it will take.</summary>
internal sealed class DownloadLog : IDownloadLog
{
    private readonly ProgressLine line = new();

    public void Message(string text) => line.Write(text);

    public void Warning(string text) => line.Write($"warning: {text}");

    public void Received(in DownloadProgress progress)
    {
        if (!line.IsDue) return;
        double rate = progress.ReceivedBytes / progress.Seconds, left = (progress.TotalBytes - progress.Bytes) / rate;
        string share = $"{Megabytes(progress.Bytes)} of {Megabytes(progress.TotalBytes)}";
        line.Show($"{progress.File}  {share}  {Megabytes(rate)}/s  {ProgressLine.Clock(left)} left");
    }

    /// <summary>The last word: what is there, and where.</summary>
    public void End(DownloadResult result, string folder)
    {
        string kept = result.Files.Count(static file => file.WasThere) is > 0 and int count ? $", {count} of them there already" : "";
        line.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Files.Count} files{kept}, {Megabytes(result.TotalBytes)}, sizes and hashes checked, in {result.Seconds:0.0} s: {folder}"));
    }

    private static string Megabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB");
}
