using System.Text;

namespace SmilesBert.Weights;

/// <summary>
/// Writes a file whole or not at all: beside the target, flushed to disk, then renamed over it. A process that is killed on the way leaves the
/// unfinished file, hidden, and the next write of the same target removes it.
/// </summary>
public static class AtomicFile
{
    private const int DiskFullUnix = 28, DiskFullWindows = 112, HandleDiskFullWindows = 39;

    private const string Ending = ".partial";

    private static readonly int RandomLength = Path.GetFileNameWithoutExtension(Path.GetRandomFileName()).Length;

    /// <summary>
    /// Writes what <paramref name="write"/> puts into the stream, which can be sought in. Whatever fails, the target stays as it was and nothing is left beside it.
    /// </summary>
    /// <exception cref="InputException">The disk is full, the folder missing or closed to us, or the disk failed in another way.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full, start = $".{Path.GetFileName(full)}.";
        string temporary = Path.Combine(folder, start + Path.GetFileNameWithoutExtension(Path.GetRandomFileName()) + Ending);
        try
        {
            RemoveAbandoned(folder, start);
            // Others may rename or remove the file, so that it can be given its name while it is open: until then its lock says that it is not abandoned.
            using FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            Remove(temporary);
            if (e is IOException or UnauthorizedAccessException) throw Refusal(path, e, temporary);
            throw;
        }
    }

    /// <summary><see cref="Write"/> of text as UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>What a failure to write is called: "PATH cannot be written: the disk is full."</summary>
    /// <param name="path">The file, as the user knows it.</param>
    /// <param name="error">What the system said.</param>
    /// <param name="temporary">Another name of the file, which the system may have used.</param>
    internal static InputException Refusal(string path, Exception error, string? temporary = null)
    {
        string reason = error switch
        {
            DirectoryNotFoundException => "its folder does not exist",
            IOException when (error.HResult & 0xFFFF) is DiskFullUnix or DiskFullWindows or HandleDiskFullWindows => "the disk is full",
            _ => error.Message.Replace(temporary ?? path, path, StringComparison.Ordinal).TrimEnd('.'),
        };
        return new InputException($"{path} cannot be written: {reason}.", error);
    }

    // What killed processes left of this target. A file that is being written is locked, and stays.
    private static void RemoveAbandoned(string folder, string start)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*" + Ending))
            {
                string name = Path.GetFileName(path);
                if (name.Length == start.Length + RandomLength + Ending.Length && name.StartsWith(start, StringComparison.Ordinal))
                    new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tidying is no reason to fail; where the folder is at fault the write says so.
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What made the write fail is the news; it is already on its way.
        }
    }
}
