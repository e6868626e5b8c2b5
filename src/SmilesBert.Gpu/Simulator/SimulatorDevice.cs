using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using SmilesBert.Gpu.Compiler;

namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// A device that runs the PTX of kernels on the CPU. Launches run at once; one with faults throws <see cref="SimulatorException"/> when it is over.
/// </summary>
/// <param name="checks">What to look for; null for the default checks.</param>
public sealed class SimulatorDevice(SimulatorChecks? checks = null) : Device
{
    // Compiled once for the process: kernels do not change.
    private static readonly ConcurrentDictionary<(MethodInfo Kernel, int Threads), (PtxEntry Entry, ParameterLayout Parameters)> Kernels = [];

    private readonly PtxMachine machine = new();

    /// <summary>What each launch did, when it is over.</summary>
    public event Action<LaunchReport>? Launched;

    /// <summary>What is looked for; may change between launches.</summary>
    public SimulatorChecks Checks { get; set; } = checks ?? new SimulatorChecks();

    /// <summary>Its global memory, where tests look behind the buffers.</summary>
    public SimulatedMemory Memory { get; } = new();

    public override string Description => $"simulator of PTX, {Checks.HostThreads} threads, checks {(Checks.Enabled == Check.None ? "off" : "on")}";

    public override int WarpSize => Lanes.Count;

    public override DeviceBuffer<T> Allocate<T>(int length) => new SimulatorBuffer<T>(Memory, Memory.Allocate(Bytes<T>(length)), length);

    /// <summary>Takes memory that must be written before a kernel reads it: reading it earlier is a fault.</summary>
    public DeviceBuffer<T> AllocateUninitialised<T>(int length) where T : unmanaged =>
        new SimulatorBuffer<T>(Memory, Memory.AllocateUninitialised(Bytes<T>(length)), length);

    public override void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0)
    {
        (PtxEntry entry, ParameterLayout layout) = Kernels.GetOrAdd((kernel.Method, threads), static key => Load(key.Kernel, key.Threads));
        byte[] parameters = new byte[layout.Size];
        layout.Write(args, parameters);
        LaunchReport report = machine.Run(entry, groups, threads, sharedBytes, parameters, Memory, Checks);
        Launched?.Invoke(report);
        if (report.Faults.Count > 0) throw new SimulatorException(report);
    }

    public override void Synchronize() { }

    public override void Dispose() { }

    private static (PtxEntry, ParameterLayout) Load(MethodInfo method, int threads)
    {
        CompiledKernel compiled = KernelCompiler.Compile(method, threads);
        return (PtxModule.Parse(compiled.Ptx).Entry(compiled.Name), compiled.Parameters);
    }

    private static unsafe int Bytes<T>(int length) where T : unmanaged => checked(length * sizeof(T));

    private sealed unsafe class SimulatorBuffer<T>(SimulatedMemory memory, ulong address, int length) : DeviceBuffer<T> where T : unmanaged
    {
        public override int Length => length;

        public override ArrayView1D<T, Stride1D.Dense> View { get; } = DeviceView.At<T>((long)address, length);

        public override void Write(int offset, ReadOnlySpan<T> source) => memory.Write(At(offset), source);

        public override void Read(Span<T> destination, int offset) => memory.Read(At(offset), destination);

        private ulong At(int offset) => address + (ulong)((long)offset * sizeof(T));
    }
}
