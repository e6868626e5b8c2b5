using System.Diagnostics;
using SmilesBert.Tests.Data;
using SmilesBert.Tests.Hub;

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

    // What has come stays: the next try needs room, not the same bytes again.
    [Fact]
    public void Download()
    {
        RequireDisk();
        using HubServer hub = new();
        foreach (string path in Directory.EnumerateFiles(model)) hub.Files[Path.GetFileName(path)] = File.ReadAllBytes(path);
        byte[] weights = hub.Files["model.safetensors"] = new byte[1 << 20];
        using CommandRun run = CommandRun.StartIn(
            new Dictionary<string, string> { ["HF_ENDPOINT"] = hub.Address.AbsoluteUri, ["NO_PROXY"] = "127.0.0.1" },
            "download", HubServer.Model, "--output", Path.Combine(disk, "m"));
        run.End().FailedSaying("model.safetensors cannot be written: the disk is full");
        long kept = new FileInfo(Path.Combine(disk, "m", $".model.safetensors.{HubServer.Sha256Of(weights)}.part")).Length;
        Assert.InRange(kept, 1, weights.Length - 1);
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
