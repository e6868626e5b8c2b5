using System.Text;

namespace SmilesBert.Cli;

/// <summary>Standard error, which may be a file on a full disk, or closed: what cannot be said there is lost, and the run goes on.</summary>
internal sealed class LogWriter(TextWriter log) : TextWriter
{
    public override Encoding Encoding => log.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Write(string? value)
    {
        try
        {
            log.Write(value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // There is nowhere to say so.
        }
    }
}
