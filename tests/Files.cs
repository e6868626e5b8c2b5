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

    private static string SharedFolder()
    {
        string? named = Environment.GetEnvironmentVariable("SMILESBERT_SHARED");
        if (named is not null) return named;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SmilesBert.sln"))) return Path.Combine(folder.Parent!.FullName, "shared");
        return "shared";
    }
}
