using SmilesBert.Tests.Cli;
using SmilesBert.Tests.Hub;
using SmilesBert.Tests.Model;
using SmilesBert.Tests.Training;

namespace SmilesBert.Tests.Trust;

/// <summary>Disks that are full, closed or taken: one sentence, the last good state kept, and no file that is only half there under its own name.</summary>
public sealed class DiskTests : IDisposable
{
    private const int Roomy = 64_000;   // kilobytes

    private const int Endless = 100_000;    // epochs

    private readonly TinyRuns runs = new();

    public void Dispose() => runs.Dispose();

    // Sizes at which it ends in the first files, in the model, in the state beside it, in the second state beside the first, in the results.
    [Theory]
    [InlineData("finetune", 8, 40, 120, 320, 420, 600)]
    [InlineData("pretrain", 8, 40, 160, 420, 560, 640)]
    public void AFullDisk_KeepsTheLastGoodState(string verb, params int[] sizes)
    {
        CommandRun.Of(runs.Command(verb, runs.At("whole"))).Succeeded();
        Dictionary<string, string> expected = FinishedFolder.Of(runs.At("whole"));
        using SmallDisk disk = new(runs.At("disk"), sizes[0]);
        string output = disk.At("run");
        int refused = 0;
        foreach (int size in sizes)
        {
            // Each goes on with what the one before it left.
            disk.Resize(size);
            Finished run = CommandRun.Of([.. runs.Command(verb, output), "--resume"]);
            if (run.ExitCode == 0) break;
            run.FailedSaying("cannot be written: the disk is full");
            refused++;
            Assert.DoesNotContain(Directory.EnumerateFiles(disk.Path, "*", SearchOption.AllDirectories), TinyRuns.IsUnfinished);
            Assert.False(Path.Exists(Path.Combine(output, "metrics.json")));
        }
        Assert.InRange(refused, 3, sizes.Length);
        disk.Resize(Roomy);
        CommandRun.Of([.. runs.Command(verb, output), "--resume"]).Succeeded();
        Assert.Equal(expected, FinishedFolder.Of(output));
    }

    [Fact]
    public void AStudyOnAFullDisk_GoesOnWhenThereIsRoom()
    {
        using SmallDisk disk = new(runs.At("disk"), 500);
        string output = disk.At("study");
        CommandRun.Of(runs.Command("study", output)).FailedSaying("cannot be written: the disk is full");
        disk.Resize(Roomy);
        CommandRun.Of([.. runs.Command("study", output), "--resume"]).Succeeded();
        CommandRun.Of(runs.Command("study", runs.At("whole"))).Succeeded();
        Dictionary<string, string> expected = FinishedFolder.Of(runs.At("whole"));
        Assert.Equal(expected, FinishedFolder.Of(output));
        Assert.Contains("study.json", expected.Keys);
    }

    [Theory]
    [InlineData("predict", 4)]
    [InlineData("embed", 4)]
    [InlineData("pca", 16)]
    [InlineData("kernels", 200)]
    public void AFullDisk_HoldsNoHalfFile(string verb, int kilobytes)
    {
        string[] command = runs.Command(verb, runs.At("whole"));
        CommandRun.Of(command).Succeeded();
        using SmallDisk disk = new(runs.At("disk"), kilobytes);
        CommandRun.Of(runs.Command(verb, disk.At("out"))).FailedSaying("cannot be written: the disk is full");
        foreach (string path in Directory.EnumerateFiles(disk.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(Path.Combine(runs.At("whole"), Path.GetFileName(path))), File.ReadAllBytes(path));
    }

    // What has come stays: the next try needs room, not the same bytes again.
    [Fact]
    public void AFullDisk_KeepsWhatWasDownloaded()
    {
        using SmallDisk disk = new(runs.At("disk"), 128);
        using HubServer hub = new();
        byte[] weights = hub.Files["model.safetensors"] = new byte[1 << 20];
        hub.Files["config.json"] = File.ReadAllBytes(Path.Combine(runs.Model, "config.json"));
        using CommandRun run = CommandRun.StartIn(
            [("HF_ENDPOINT", hub.Address.AbsoluteUri), ("NO_PROXY", "127.0.0.1")], "download", HubServer.Model, "--output", disk.At("m"));
        run.End().FailedSaying("model.safetensors cannot be written: the disk is full");
        long kept = new FileInfo(disk.At("m", $".model.safetensors.{HubServer.Sha256Of(weights)}.part")).Length;
        Assert.InRange(kept, 1, weights.Length - 1);
    }

    [Fact]
    public void AFullDiskUnderTheLog_DoesNotEndATraining()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full, a disk that is always full");
        string output = runs.At("run"), shell = string.Join(' ', runs.Command("finetune", output).Select(static word => $"'{word}'"));
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(
            "/bin/sh", ["-c", $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "SmilesBert.Cli.dll")}' {shell} 2> /dev/full"]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.True(File.Exists(Path.Combine(output, "metrics.json")));
    }

    [Theory]
    [InlineData("finetune")]
    [InlineData("pretrain")]
    [InlineData("study")]
    [InlineData("predict")]
    [InlineData("embed")]
    [InlineData("pca")]
    [InlineData("kernels")]
    public void AReadOnlyFolder_IsOneSentence(string verb)
    {
        string closed = runs.At("closed");
        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Refused("denied");
            return;
        }
        // Root may write into any folder, but not onto a disk that is closed.
        using SmallDisk disk = new(closed, Roomy);
        disk.MakeReadOnly();
        Refused("ead-only file system");

        void Refused(string said)
        {
            CommandRun.Of(runs.Command(verb, Path.Combine(closed, "out"))).FailedSaying(Path.Combine(closed, "out"), said);
            Assert.Empty(Directory.EnumerateFileSystemEntries(closed));
        }
    }

    [Theory]
    [InlineData("finetune", "already holds a run")]
    [InlineData("pretrain", "already holds a run")]
    [InlineData("study", "is not empty")]
    public void AFolderThatHoldsARun_IsLeftAlone(string verb, string said)
    {
        string output = runs.At("run");
        CommandRun.Of(runs.Command("finetune", output)).Succeeded();
        Dictionary<string, string> before = RunWorkshop.Snapshot(output);
        CommandRun.Of(runs.Command(verb, output)).RefusedSaying(output, said, "--resume");
        Assert.Equal(before, RunWorkshop.Snapshot(output));
    }

    // The first holds the folder for as long as it lives, and no longer.
    [Theory]
    [InlineData("finetune", false)]
    [InlineData("finetune", true)]
    [InlineData("pretrain", true)]
    [InlineData("study", true)]
    public void TwoRunsIntoOneFolder(string verb, bool resume)
    {
        string output = runs.At("run");
        using (CommandRun first = CommandRun.Start(runs.Command(verb, output, Endless)))
        {
            string sign = verb == "study" ? "by-molecule/seed-42/history.jsonl" : "history.jsonl";
            first.WaitFor(() => File.Exists(Path.Combine(output, sign)), "it to begin");
            Finished second = CommandRun.Of([.. runs.Command(verb, output, Endless), .. (resume ? (string[])["--resume"] : [])]);
            second.FailedSaying(output, resume ? "cannot be used as an output folder" : "already holds a run");
            Assert.False(first.HasExited);
            first.Kill();
        }
        // Another one now has it: a run that is made of the same would go on, and this one is not.
        CommandRun.Of([.. runs.Command(verb, output), "--resume"]).FailedSaying("holds another run (epochs 100000, now ");
    }

    [Fact]
    public void AStudyOfSomethingElse_IsNotGoneOnWith()
    {
        string output = runs.At("study");
        string[] command = runs.Command("study", output);
        CommandRun.Of(command).Succeeded();
        Dictionary<string, string> before = RunWorkshop.Snapshot(output);
        CommandRun.Of([.. command, "--resume", "--weight-decay", "0.5"]).FailedSaying("holds another run (weight decay 0.01, now 0.5)");
        CommandRun.Of([.. TinyRuns.With(command, "--model", OtherModel()), "--resume"]).FailedSaying("holds another run (weights of the model ");
        File.AppendAllText(runs.Table, "m60,CCCCCCCCS,chain,1,0,0\n");
        CommandRun.Of([.. command, "--resume"]).FailedSaying("holds another run (", "molecules ");
        Assert.Equal(before, RunWorkshop.Snapshot(output));
    }

    private string OtherModel()
    {
        string folder = TinyModel.Write(runs.At("other"));
        CheckpointEdit.Rewrite(Path.Combine(folder, "model.safetensors"), static (name, values) =>
        {
            if (name == "bert.encoder.layer.0.output.dense.bias") values[0] += 1f;
        });
        return folder;
    }
}
