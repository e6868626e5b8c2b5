using System.Security.Cryptography;
using SmilesBert.Weights;

namespace SmilesBert.Hub;

/// <summary>
/// A file on its way: a hidden file beside the place of the whole one, that survives a break and is renamed when all of it is there and right.
/// It is hashed as it grows, so that nothing is read twice.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly HubFile file;
    private readonly string path, partPath;
    private readonly FileStream stream;
    private IncrementalHash hash;

    private PartialFile(HubFile file, string path, string partPath, FileStream stream)
    {
        this.file = file;
        this.path = path;
        this.partPath = partPath;
        this.stream = stream;
        hash = file.Hash.Begin(file.Size);
    }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>Whether some of it came in an earlier session.</summary>
    public bool IsResumed { get; private set; }

    public bool IsWhole => Length == file.Size;

    /// <summary>Opens what there is of a file, or begins it.</summary>
    /// <exception cref="InputException">It cannot be read or written, or another download has it open.</exception>
    public static PartialFile Open(string folder, HubFile file, CancellationToken stop)
    {
        string path = Path.Combine(folder, file.Name), partPath = Path.Combine(folder, file.PartName);
        FileStream stream = Written(path, partPath, () =>
            new FileStream(partPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        PartialFile part = new(file, path, partPath, stream);
        try
        {
            part.ReadWhatThereIs(stop);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file of the disk is, byte for byte, one of the hub.</summary>
    public static bool Matches(string path, HubFile file, CancellationToken stop)
    {
        if (new FileInfo(path).Length != file.Size) return false;
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using IncrementalHash hash = file.Hash.Begin(file.Size);
        Hash(stream, hash, stop);
        return Hex(hash) == file.Hash.Hex;
    }

    public void Append(ReadOnlyMemory<byte> bytes)
    {
        Write(() => stream.Write(bytes.Span));
        hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Drops all that there is.</summary>
    public void Restart()
    {
        Write(() => stream.SetLength(0));
        hash.Dispose();
        hash = file.Hash.Begin(file.Size);
        Length = 0;
        IsResumed = false;
    }

    /// <summary>Gives the whole file its name if its hash is the stated one; else gives the hash that it has.</summary>
    public string? Complete()
    {
        string found = Hex(hash);
        if (found != file.Hash.Hex) return found;
        Write(() =>
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(partPath, path);
        });
        return null;
    }

    /// <summary>Removes it: what there is would never become the file.</summary>
    public void Discard() => Write(() =>
    {
        stream.Dispose();
        File.Delete(partPath);
    });

    public void Dispose()
    {
        // A part without a byte helps nobody. On a full disk it may hold more than was ever written whole, and that is kept.
        bool isEmpty = stream.CanWrite && stream.Length == 0;
        hash.Dispose();
        stream.Dispose();
        if (isEmpty) Discard();
    }

    private void ReadWhatThereIs(CancellationToken stop)
    {
        if (stream.Length > file.Size)
        {
            Restart();
            return;
        }
        Write(() => Hash(stream, hash, stop));
        Length = stream.Position;
        IsResumed = Length > 0;
    }

    private static void Hash(FileStream stream, IncrementalHash hash, CancellationToken stop)
    {
        byte[] buffer = new byte[BufferBytes];
        while (stream.Read(buffer) is > 0 and int count)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
        }
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    private void Write(Action write) => Written(path, partPath, () =>
    {
        write();
        return true;
    });

    private static T Written<T>(string path, string partPath, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Refusal(path, error, partPath);
        }
    }
}
