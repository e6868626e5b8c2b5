using System.Reflection;
using SmilesBert.Gpu;

namespace SmilesBert;

/// <summary>What --version answers and every run's header begins with.</summary>
public static class ProgramVersion
{
    private const int CommitCharacters = 7;

    /// <summary>
    /// Such as "smilesbert 0.1.0 (61f1256); kernels: compiled by own": the version, the commit that it was built from where the build knew
    /// one, and whose kernel language the build has.
    /// </summary>
    public static string Text { get; } = "smilesbert " + Shortened(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion)
        + $"; kernels: compiled by {KernelLanguage.Name}";

    private static string Shortened(string version) =>
        version.Split('+') is [string number, { Length: >= CommitCharacters } commit] ? $"{number} ({commit[..CommitCharacters]})" : version;
}
