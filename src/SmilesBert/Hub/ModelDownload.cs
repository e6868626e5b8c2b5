using System.Diagnostics;
using System.Globalization;
using SmilesBert.Model;

namespace SmilesBert.Hub;

/// <summary>
/// Gets a model folder from the hub: the files that this program reads, all of one commit, each held to the size and hash of the hub's listing.
/// A download that breaks goes on where it was, in the same session or another; one that is done is only checked.
/// </summary>
/// <param name="reference">The model.</param>
/// <param name="folder">The folder to fill: a new one, or one that a download of the same commit has begun.</param>
/// <param name="options">The hub.</param>
/// <param name="log">Who hears how it goes.</param>
public sealed class ModelDownload(HubReference reference, string folder, HubOptions options, IDownloadLog log)
{
    private const int BufferBytes = 1 << 18;

    // An attempt that brings less than this counts as failed, or a server could drip for ever.
    private const long LeastProgress = 1 << 20;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<DownloadedFile> done = [];
    private long received;
    private long total;

    /// <summary>Downloads. What has come when it is stopped or fails stays for the next call.</summary>
    /// <exception cref="InputException">The hub refuses, breaks off or contradicts itself, or the folder cannot be used.</exception>
    public async Task<DownloadResult> RunAsync(CancellationToken stop)
    {
        using HubConnection hub = new(reference, options, log);
        HubRepository repository = await HubRepository.OpenAsync(hub, stop);
        List<HubFile> files = [.. ModelFiles.Choose(repository, log)];
        HashSet<string> present = CheckFolder(repository, stop);
        total = files.Sum(static file => file.Size);
        log.Message($"{repository.Title}, from {hub.Host}");
        MakeFolder();
        for (int i = 0; i < files.Count; i++)
        {
            HubFile file = files[i];
            bool isThere = present.Contains(file.Name);
            if (!isThere) await FetchAsync(hub, repository, file, stop);
            done.Add(new DownloadedFile(file, isThere));
            string path = Path.Combine(folder, file.Name);
            // A network that this program does not have is refused before its weights come.
            if (file.Name == ModelFiles.Config) ModelConfig.Load(folder);
            if (!ModelFiles.IsIndex(file.Name)) continue;
            files.AddRange(ModelFiles.Shards(repository, path).Except(files));
            total = files.Sum(static each => each.Size);
        }
        return new DownloadResult(reference, repository.Commit, done, received, clock.Elapsed.TotalSeconds);
    }

    // Everything that is there must be of this very commit, so that no folder is of two, and nothing of the user's is written over.
    private HashSet<string> CheckFolder(HubRepository repository, CancellationToken stop)
    {
        HashSet<string> present = new(StringComparer.Ordinal);
        if (!Directory.Exists(folder)) return present;
        HashSet<string> parts = repository.Files.Values.Select(static file => file.PartName).ToHashSet(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFileSystemEntries(folder))
        {
            string name = Path.GetFileName(path);
            if (parts.Contains(name)) continue;
            if (!File.Exists(path) || !repository.Files.TryGetValue(name, out HubFile? file) || !PartialFile.Matches(path, file, stop))
                throw new InputException($"{path} is not of {repository.Title}: --output needs a new folder, or one that this download has begun");
            present.Add(name);
        }
        return present;
    }

    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be made: {error.Message.TrimEnd('.')}", error);
        }
    }

    private async Task FetchAsync(HubConnection hub, HubRepository repository, HubFile file, CancellationToken stop)
    {
        using PartialFile part = PartialFile.Open(folder, file, stop);
        while (true)
        {
            long furthest = part.Length;
            await hub.TryAsync(file.Name, () => ReceiveAsync(hub, repository, file, part, stop), HasProgressed, stop);
            if (part.Complete() is not { } found) return;
            // What an earlier session left may have suffered since; what came now came wrong.
            if (!part.IsResumed)
            {
                part.Discard();
                throw new InputException(
                    $"{file.Name} has come with the {file.Hash.KindName} {found}, where {hub.Host} states {file.Hash.Hex}; it was not kept");
            }
            log.Warning($"{file.Name}: what an earlier download left is damaged; starting again");
            part.Restart();

            bool HasProgressed()
            {
                if (part.Length < furthest + LeastProgress) return false;
                furthest = part.Length;
                return true;
            }
        }
    }

    private async Task ReceiveAsync(HubConnection hub, HubRepository repository, HubFile file, PartialFile part, CancellationToken stop)
    {
        if (part.IsWhole) return;
        using HubAnswer answer = await hub.GetAsync(repository.AddressOf(file), part.Length, file.Name, stop);
        if (answer.IsPastTheEnd)
        {
            part.Restart();
            throw new HubFault("the server has no such range of it");
        }
        if (answer.From == 0) part.Restart();
        if (answer.From != part.Length)
            throw new InputException($"{file.Name}: the server sends other bytes than those from {part.Length} on, which were asked for");
        if (answer.FileBytes is { } bytes && bytes != file.Size)
            throw new InputException($"{file.Name}: the server sends a file of {bytes} bytes, where {hub.Host} states {file.Size}");
        byte[] buffer = new byte[BufferBytes];
        while (await answer.ReadAsync(buffer, stop) is > 0 and int count)
        {
            if (part.Length + count > file.Size)
            {
                part.Discard();
                throw new InputException($"{file.Name}: the server sends more than the {file.Size} bytes that {hub.Host} states; it was not kept");
            }
            part.Append(buffer.AsMemory(0, count));
            received += count;
            log.Received(new DownloadProgress(
                file.Name, done.Sum(static each => each.File.Size) + part.Length, total, received, clock.Elapsed.TotalSeconds));
        }
        if (!part.IsWhole)
            throw new HubFault(string.Create(CultureInfo.InvariantCulture, $"the connection ended at {part.Length} of {file.Size} bytes"));
    }
}
