using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Driver;

namespace SmilesBert.Tests.Cli;

/// <summary>devices, --device, bench and kernels.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Devices_AreListed()
    {
        string text = CommandRun.Of("devices", "--threads", "3").Succeeded().Output;
        Assert.Contains("cpu, 3 threads", text);
        Assert.Contains("\nsimulator ", text);
        Assert.Single(text.Split('\n'), static line => line.EndsWith("; the next run takes this one", StringComparison.Ordinal));

        JsonArray list = JsonNode.Parse(CommandRun.Of("devices", "--json").Succeeded().Output)!.AsArray();
        string[] names = [.. list.Select(static device => (string)device!["name"]!)];
        string[] always = KernelLanguage.Name == "ilgpu" ? ["cpu", "simulator", "ilgpu"] : ["cpu", "simulator"];
        Assert.Equal(always, names.Where(static name => !name.StartsWith("cuda:", StringComparison.Ordinal)));
        Assert.Single(list, static device => (bool)device!["default"]!);
    }

    [Fact]
    public void Devices_WithoutADriver_SayWhyAndTakeTheProcessor()
    {
        Assert.SkipWhen(Libcuda.TryLoad(out _), "this machine has an NVIDIA driver");
        string[] lines = CommandRun.Of("devices").Succeeded().Output.Split('\n');
        Assert.Contains("there is no NVIDIA driver", Assert.Single(lines, static line => line.StartsWith("cuda", StringComparison.Ordinal)));
        Assert.EndsWith("; the next run takes this one", Assert.Single(lines, static line => line.StartsWith("cpu", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:99")]
    public void ADeviceThatIsNotThere_IsOneSentence(string device)
    {
        Assert.SkipWhen(device == "cuda" && Libcuda.TryLoad(out _), "this machine has an NVIDIA driver");
        CommandRun.Of("embed", "--model", "m", "--data", "d", "--output", "o.npy", "--device", device).FailedSaying(
            Libcuda.TryLoad(out _) ? "there is no cuda:99" : "there is no NVIDIA driver");
    }

    [Fact]
    public void Ilgpu_InABuildWithoutIt_IsOneSentence()
    {
        Assert.SkipWhen(KernelLanguage.Name == "ilgpu", "this build has the ILGPU package");
        CommandRun.Of("embed", "--model", "m", "--data", "d", "--output", "o.npy", "--device", "ilgpu").FailedSaying("without the ILGPU package");
    }

    [Theory]
    [InlineData("cpu", "the cpu device computes in fp32 only; --precision bf16 needs an NVIDIA graphics card of compute 8.0 or newer, or --device simulator")]
    [InlineData("ilgpu", "the ilgpu device computes in fp32 only")]
    [InlineData("auto", "there is no NVIDIA driver")]
    public void APrecisionThatTheDeviceHasNot_IsOneSentence(string device, string sentence)
    {
        Assert.SkipWhen(device == "auto" && Libcuda.TryLoad(out _), "this machine has an NVIDIA driver");
        CommandRun.Of("embed", "--model", "m", "--data", "d", "--output", "o.npy", "--device", device, "--precision", "bf16").FailedSaying(sentence);
    }

    // bf16 has 8 significant bits, tf32 11: the numbers are others, but near.
    [Theory]
    [InlineData("bf16", 8)]
    [InlineData("tf32", 11)]
    public void TheSimulator_EmbedsInLessPrecision(string precision, int bits)
    {
        float[] exact = Embed("fp32"), rounded = Embed(precision);
        double difference = exact.Zip(rounded, static (a, b) => Math.Abs((double)a - b)).Max();
        Assert.InRange(difference, Math.Pow(2, -bits - 8), Math.Pow(2, -bits + 4));

        float[] Embed(string precision)
        {
            string model = TinyModel.Write(Path.Combine(folder.FullName, "model")), data = Path.Combine(folder.FullName, "molecules.smi");
            string output = Path.Combine(folder.FullName, precision + ".npy");
            File.WriteAllLines(data, ["CCO", "c1ccccc1N"]);
            CommandRun.Of("embed", "--model", model, "--data", data, "--output", output, "--device", "simulator", "--precision", precision).Succeeded();
            return NpyFile.Read(output).Values;
        }
    }

    [Fact]
    public void TheHeader_NamesTheKernelLanguage()
    {
        string model = TinyModel.Write(Path.Combine(folder.FullName, "model")), data = Path.Combine(folder.FullName, "molecules.smi");
        File.WriteAllLines(data, ["CCO"]);
        string output = Path.Combine(folder.FullName, "y.npy");
        Finished embed = CommandRun.Of("embed", "--model", model, "--data", data, "--output", output, "--device", "cpu").Succeeded();
        Assert.Contains($"kernels: compiled by {KernelLanguage.Name};", embed.Error);
    }

    [Fact]
    public void TheSimulator_EmbedsAsTheProcessorDoes() => EmbedsAsTheProcessorDoes("simulator", "CCO", "c1ccccc1N", "CC(=O)Cl");

    // ILGPU's CPU accelerator, where there is no graphics card, has a thread of the operating system for each lane.
    [Fact]
    public void Ilgpu_InABuildWithIt_EmbedsAsTheProcessorDoes()
    {
        Assert.SkipUnless(KernelLanguage.Name == "ilgpu", "this build is without the ILGPU package");
        EmbedsAsTheProcessorDoes("ilgpu", "C");
    }

    private void EmbedsAsTheProcessorDoes(string kernels, params string[] molecules)
    {
        string model = TinyModel.Write(Path.Combine(folder.FullName, "model")), data = Path.Combine(folder.FullName, "molecules.smi");
        File.WriteAllLines(data, molecules);
        Compare.Close<float, float>("embeddings", Embed("cpu"), Embed(kernels), atol: 1e-5, rtol: 0);

        float[] Embed(string device)
        {
            string output = Path.Combine(folder.FullName, device + ".npy");
            CommandRun.Of("embed", "--model", model, "--data", data, "--output", output, "--device", device).Succeeded();
            return NpyFile.Read(output).Values;
        }
    }

    [Fact]
    public void Bench_OfTheSimulator_IsRefused() => CommandRun.Of("bench", "--device", "simulator").FailedSaying("would take hours", "--device cpu");

    [Fact]
    public void Kernels_AreWrittenOneFileEach()
    {
        string output = Path.Combine(folder.FullName, "ptx");
        Finished command = CommandRun.Of("kernels", "--output", output).Succeeded();
        string[] files = Directory.GetFiles(output);
        Assert.Contains($"{files.Length} kernels", command.Error);
        Assert.All(files, static file => Assert.Contains($".visible .entry {Path.GetFileNameWithoutExtension(file)}(", File.ReadAllText(file)));
        Assert.Contains("Linear_ForwardKernel.ptx", files.Select(Path.GetFileName));
    }
}
