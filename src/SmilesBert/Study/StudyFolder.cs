using SmilesBert.Training;

namespace SmilesBert.Study;

/// <summary>A study's output folder while it runs: of one study alone, and of one process at a time. A process that dies gives it up.</summary>
internal sealed class StudyFolder : IDisposable
{
    private readonly FileStream taken;

    private StudyFolder(FileStream taken) => this.taken = taken;

    /// <summary>Refuses a folder that a study may not begin in.</summary>
    /// <exception cref="InputException">Something is in it.</exception>
    public static void RequireFree(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new InputException($"{path} is not empty; give another --output, or --resume to go on with the study that it holds");
    }

    /// <summary>Takes a folder for a study, making it if need be.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="identity">What the study is made of, by name; one that is there already must be made of the same.</param>
    /// <param name="resume">Whether a study may be there already.</param>
    /// <exception cref="InputException">The study there is another one, another process writes into it, or the folder cannot be written.</exception>
    public static StudyFolder Open(string path, IReadOnlyDictionary<string, string> identity, bool resume)
    {
        if (!resume) RequireFree(path);
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(Path.Combine(path, "state"));
            // The file stays, and its lock goes with the process. A study of its own must be the first to make it.
            FileMode mode = resume ? FileMode.OpenOrCreate : FileMode.CreateNew;
            taken = new FileStream(Path.Combine(path, "state", "lock"), mode, FileAccess.ReadWrite, FileShare.None);
            RunIdentity.RequireSame(path, identity);
            return new StudyFolder(taken);
        }
        catch (Exception error)
        {
            taken?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new InputException($"{path}: cannot be used as an output folder: {error.Message}", error);
            throw;
        }
    }

    public void Dispose() => taken.Dispose();
}
