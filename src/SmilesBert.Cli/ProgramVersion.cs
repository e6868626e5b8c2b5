using System.Reflection;

namespace SmilesBert.Cli;

/// <summary>What --version answers and every run's header begins with.</summary>
internal static class ProgramVersion
{
    private const int CommitCharacters = 7;

    /// <summary>Such as "smilesbert 0.1.0 (61f1256)": the version, and the commit that it was built from where the build knew one.</summary>
    public static string Text { get; } = "smilesbert " + Shortened(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    private static string Shortened(string version) =>
        version.Split('+') is [string number, { Length: >= CommitCharacters } commit] ? $"{number} ({commit[..CommitCharacters]})" : version;
}
