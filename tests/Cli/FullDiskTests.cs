using System.Diagnostics;
using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Cli;

/// <summary>A disk that is too small for the results: one sentence, and no file that is only half there.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly DataFolder folder = new();
    private readonly string disk, model, table;
    private readonly bool isMounted;

    public FullDiskTests()
    {
        model = TinyModel.Write(folder.At("model"));
        table = folder.Write("data.csv", SmallTable.Text);
        disk = folder.At("disk");
        Directory.CreateDirectory(disk);
        isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk);
    }

    public void Dispose()
    {
        if (isMounted) Assert.True(Run("umount", disk));
        folder.Dispose();
    }

    // Room for the model (81 kB), none for the state beside it (240 kB).
    [Fact]
    public void Finetune()
    {
        RequireDisk();
        string output = Path.Combine(disk, "run");
        CommandRun.Of("finetune", "--model", model, "--data", table, "--target", "kind", "--output", output, "--epochs", "1", "--threads", "1")
            .FailedSaying("training.safetensors", "full");
        Assert.False(File.Exists(Path.Combine(output, "metrics.json")));
        Assert.Equal(["run.json"], Directory.EnumerateFileSystemEntries(Path.Combine(output, "state")).Select(static path => Path.GetFileName(path)));
    }

    [Fact]
    public void PredictAndEmbed()
    {
        RequireDisk();
        string many = folder.Write("many.smi", string.Concat(Enumerable.Range(0, 4000).Select(static i => SmallTable.Smiles(i % 60) + "\n")));
        CommandRun.Of("predict", "--model", model, "--data", many, "--output", Path.Combine(disk, "p.csv")).FailedSaying("p.csv", "full");
        CommandRun.Of("embed", "--model", model, "--data", many, "--output", Path.Combine(disk, "e.npy")).FailedSaying("e.npy");
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
    }

    private void RequireDisk() => Assert.SkipUnless(isMounted, "needs a small disk of its own, which only root on Linux can mount");

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
