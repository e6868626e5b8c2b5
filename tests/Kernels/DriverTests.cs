using SmilesBert.Gpu;
using SmilesBert.Gpu.Driver;

namespace SmilesBert.Tests.Kernels;

/// <summary>What the CUDA driver's side says before a card is asked for anything: no driver, an old one, no device, a launch that cannot be.</summary>
public sealed class DriverTests
{
    private static readonly KernelLimits Limits = new("cuda:0", MaxThreads: 512, StaticSharedBytes: 1024, MaxSharedBytes: 102400);

    [Fact]
    public void Devices_WithoutADriver_SaysWhatWasLookedFor()
    {
        Assert.SkipWhen(Libcuda.TryLoad(out _), "this machine has an NVIDIA driver");
        string message = Assert.Throws<DeviceException>(CudaDriver.Devices).Message;
        Assert.Equal("there is no NVIDIA driver: none of libcuda.so.1, libcuda.so, nvcuda.dll could be loaded", message);
        Assert.Equal(message, Assert.Throws<DeviceException>(static () => new CudaDevice(0)).Message);
    }

    [Theory]
    [InlineData(11040, "11.4")]
    [InlineData(10020, "10.2")]
    public void AnOldDriver_IsRefusedWithItsVersion(int version, string text) =>
        Assert.Equal($"the NVIDIA driver is too old: it supports CUDA {text}, and the kernels (PTX 7.8) need 11.8 or newer", CudaDriver.Refusal(version));

    [Theory]
    [InlineData(11080)]
    [InlineData(13000)]
    public void ANewDriver_IsTaken(int version) => Assert.Null(CudaDriver.Refusal(version));

    [Theory]
    [InlineData(0, 256, 0, "Linear_ForwardKernel was launched with 0 groups; at least one is needed")]
    [InlineData(1, 1024, 0, "Linear_ForwardKernel was launched with groups of 1024 threads; on cuda:0 it can have 1 to 512")]
    [InlineData(1, 0, 0, "Linear_ForwardKernel was launched with groups of 0 threads; on cuda:0 it can have 1 to 512")]
    [InlineData(1, 256, 101377, "Linear_ForwardKernel was launched with 101377 bytes of shared memory beside its own 1024; cuda:0 has 102400 for a group")]
    public void ALaunchThatCannotBe_IsRefused(int groups, int threads, int sharedBytes, string sentence) =>
        Assert.Equal(sentence, Limits.Refusal("Linear_ForwardKernel", groups, threads, sharedBytes));

    [Theory]
    [InlineData(1, 512, 101376)]
    [InlineData(int.MaxValue, 32, 0)]
    public void ALaunchAtTheLimits_IsTaken(int groups, int threads, int sharedBytes) => Assert.Null(Limits.Refusal("any", groups, threads, sharedBytes));

    [Fact]
    public void LaunchLog_NamesTheLastLaunchesSinceItWasCleared()
    {
        LaunchLog log = new();
        log.Add("Before", 1, 32);
        log.Clear();
        Assert.Equal("", log.ToString());
        log.Add("Fill_Kernel", 3, 256);
        log.Add("Norm_Kernel", 1, 64);
        Assert.Equal("Fill_Kernel (3 x 256 threads), Norm_Kernel (1 x 64 threads)", log.ToString());

        for (int i = 0; i < 9; i++) log.Add($"K{i}", 1, 32);
        Assert.StartsWith("3 others, K1 (", log.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("K8 (1 x 32 threads)", log.ToString(), StringComparison.Ordinal);
    }
}
