using System.Diagnostics;
using System.Globalization;

namespace SmilesBert.Tests.Trust;

/// <summary>A disk of its own for a test, as small as is asked for, which can be made larger or closed to writing; the test is skipped where it cannot be had.</summary>
internal sealed class SmallDisk : IDisposable
{
    /// <param name="path">An empty folder, over which it is mounted.</param>
    /// <param name="kilobytes">Its size.</param>
    public SmallDisk(string path, int kilobytes)
    {
        Path = path;
        Directory.CreateDirectory(path);
        bool isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k"), "tmpfs", path);
        Assert.SkipUnless(isMounted, "needs a small disk of its own, which only root on Linux can mount");
    }

    public string Path { get; }

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Gives it another size.</summary>
    public void Resize(int kilobytes) =>
        Assert.True(Run("mount", "-o", string.Create(CultureInfo.InvariantCulture, $"remount,size={kilobytes}k"), Path));

    /// <summary>Closes it to writing, root's too.</summary>
    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    public void Dispose() => Assert.True(Run("umount", Path));

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
