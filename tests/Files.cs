namespace SmilesBert.Tests;

/// <summary>Files that tests may read: reference outputs that lie beside the built tests, and real data that only some machines have.</summary>
internal static class Files
{
    /// <summary>The path of a committed reference file or folder under tests/Golden.</summary>
    public static string Golden(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Golden", .. parts]);

    /// <summary>
    /// The path of a real file in the shared folder beside the repository (or in SMILESBERT_SHARED); the calling test is reported
    /// as skipped, saying so, where it is absent.
    /// </summary>
    public static string Shared(params string[] parts)
    {
        string path = Path.Combine([SharedFolder(), .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"needs {string.Join('/', parts)} in the shared folder, which this machine does not have");
        return path;
    }

    /// <summary>The path of a file or folder of the repository; the calling test is skipped where the tests were copied out of it.</summary>
    public static string Repository(params string[] parts)
    {
        string? folder = RepositoryFolder();
        Assert.SkipWhen(folder is null, "needs the repository that the tests were built in");
        return Path.Combine([folder!, .. parts]);
    }

    private static string SharedFolder()
    {
        string? named = Environment.GetEnvironmentVariable("SMILESBERT_SHARED");
        return named ?? (RepositoryFolder() is { } folder ? Path.Combine(Path.GetDirectoryName(folder)!, "shared") : "shared");
    }

    private static string? RepositoryFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SmilesBert.sln"))) return folder.FullName;
        return null;
    }
}
