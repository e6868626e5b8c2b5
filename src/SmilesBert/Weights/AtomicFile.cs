using System.Text;

namespace SmilesBert.Weights;

/// <summary>Writes a file whole or not at all: beside the target, flushed to disk, then renamed over it.</summary>
public static class AtomicFile
{
    private const int DiskFullUnix = 28, DiskFullWindows = 112, HandleDiskFullWindows = 39;

    /// <summary>
    /// Writes what <paramref name="write"/> puts into the stream. Whatever fails, the target stays as it was and nothing is left beside it.
    /// </summary>
    /// <exception cref="InputException">The disk is full, the folder missing or closed to us, or the disk failed in another way.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            Remove(temporary);
            if (e is IOException or UnauthorizedAccessException)
                throw new InputException($"{path} cannot be written: {Reason(e, temporary, path)}.", e);
            throw;
        }
    }

    /// <summary><see cref="Write"/> of text as UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Why a file could not be written, as the end of a sentence.</summary>
    /// <param name="e">What happened.</param>
    /// <param name="temporary">The file beside the target, which the user knows nothing of.</param>
    /// <param name="path">The target.</param>
    internal static string Reason(Exception e, string temporary, string path) => e switch
    {
        DirectoryNotFoundException => "its folder does not exist",
        IOException when (e.HResult & 0xFFFF) is DiskFullUnix or DiskFullWindows or HandleDiskFullWindows => "the disk is full",
        _ => e.Message.Replace(temporary, path, StringComparison.Ordinal).TrimEnd('.'),
    };

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
