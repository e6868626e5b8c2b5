using System.IO.MemoryMappedFiles;

namespace SmilesBert.Weights;

/// <summary>A file's bytes as memory, paged in as they are touched.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;                      // null for an empty file, which cannot be mapped
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;

    private MappedFile(string path)
    {
        Path = path;
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new IOException("it is a pipe or a device, where a file was expected");
        }
        Length = file.Length;
        if (Length == 0)
        {
            file.Dispose();
            return;
        }
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="InputException">There is no such file, it may not be read, or it is not the weights but a pointer to them.</exception>
    public static MappedFile Open(string path)
    {
        MappedFile file;
        try
        {
            file = new MappedFile(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }

        // A repository cloned without Git LFS has this line of text where the weights should be.
        ReadOnlySpan<byte> pointer = "version https://git-lfs"u8;
        if (file.Length >= pointer.Length && file.Span(0, pointer.Length).SequenceEqual(pointer))
        {
            file.Dispose();
            throw new InputException($"{path} is a Git LFS pointer, not the weights themselves; 'git lfs pull' fetches them.");
        }
        return file;
    }

    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        CheckInside(offset, length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    public Stream OpenStream(long offset, long length)
    {
        CheckInside(offset, length);
        return length == 0 ? Stream.Null
            : new UnmanagedMemoryStream(_view!.SafeMemoryMappedViewHandle, offset, length, FileAccess.Read);
    }

    public void Dispose()
    {
        if (_start is not null) _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _start = null;
        _view?.Dispose();
        _map?.Dispose();
    }

    private void CheckInside(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_start is null && Length > 0, this);
        if (offset < 0 || length < 0 || offset > Length - length) throw new ArgumentOutOfRangeException(nameof(offset), offset, null);
    }
}
