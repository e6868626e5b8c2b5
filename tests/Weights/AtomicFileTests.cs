using SmilesBert.Tests.Trust;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteText_MakesAndReplaces()
    {
        AtomicFile.WriteText(_folder["f"], "first µ");
        AtomicFile.WriteText(_folder["f"], "second");
        Assert.Equal("second"u8, File.ReadAllBytes(_folder["f"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_KeepsTheOldFile_WhenTheDiskFails()
    {
        AtomicFile.WriteText(_folder["f"], "old");
        InputException refused = Assert.Throws<InputException>(() => AtomicFile.Write(_folder["f"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("the cable came loose.");
        }));
        Assert.Equal($"{_folder["f"]} cannot be written: the cable came loose.", refused.Message);
        OnlyTheOldFileIsLeft();
    }

    [Fact]
    public void Write_LetsOtherErrorsThrough_AndCleansUp()
    {
        AtomicFile.WriteText(_folder["f"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder["f"], _ => throw new InvalidOperationException()));
        OnlyTheOldFileIsLeft();
    }

    [Fact]
    public void Write_RemovesWhatAKilledProcessLeft_AndNothingElse()
    {
        string[] others = [".f.partial", ".f.abcdefgh.part", ".g.abcdefgh.partial", ".f.abcdefghi.partial", "f.abcdefgh.partial"];
        foreach (string name in (string[])[".f.abcdefgh.partial", ".f.12345678.partial", .. others]) File.WriteAllText(_folder[name], "half");
        AtomicFile.WriteText(_folder["f"], "whole");
        Assert.Equal([.. others.Append("f").Order(StringComparer.Ordinal)], Names());
    }

    [Fact]
    public void Write_LeavesWhatAnotherIsWriting()
    {
        AtomicFile.Write(_folder["f"], slow =>
        {
            slow.Write("slow"u8);
            AtomicFile.WriteText(_folder["f"], "quick");
            Assert.Equal(2, Names().Length);
        });
        Assert.Equal("slow", File.ReadAllText(_folder["f"]));
        Assert.Equal(["f"], Names());
    }

    [Fact]
    public void Write_SaysWhatIsInTheWay()
    {
        Assert.Contains("its folder does not exist", Refusal(_folder["absent/f"]));

        Directory.CreateDirectory(_folder["taken"]);
        Assert.StartsWith($"{_folder["taken"]} cannot be written: ", Refusal(_folder["taken"]));

        AtomicFile.WriteText(_folder["f"], "old");
        Assert.StartsWith($"{_folder["f/g"]} cannot be written: ", Refusal(_folder["f/g"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public void Write_OnAFullDisk_SaysSo()
    {
        using var disk = new SmallDisk(_folder["disk"], 64);
        string path = disk.At("model.safetensors");
        AtomicFile.WriteText(path, "old");
        InputException refused = Assert.Throws<InputException>(() =>
            SafetensorsWriter.Write(path, [("a", [100_000])], (_, values) => values.Fill(1), null));
        Assert.Equal($"{path} cannot be written: the disk is full.", refused.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(disk.Path));
    }

    private string[] Names() => [.. Directory.GetFiles(_folder.Path).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Refusal(string path) => Assert.Throws<InputException>(() => AtomicFile.WriteText(path, "new")).Message;

    private void OnlyTheOldFileIsLeft()
    {
        Assert.Equal("old", File.ReadAllText(_folder["f"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }
}
