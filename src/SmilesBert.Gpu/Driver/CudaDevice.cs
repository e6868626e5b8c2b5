using System.Globalization;
using System.Reflection;
using SmilesBert.Gpu.Compiler;

namespace SmilesBert.Gpu.Driver;

/// <summary>
/// A graphics card under the CUDA driver. Kernels are compiled to PTX when they are first launched, and by the driver to the card's own
/// code; copies and launches run on one stream, in order. Of one thread at a time, but any.
/// </summary>
public sealed unsafe class CudaDevice : Device
{
    // A stream that does not wait for the work of others on the default stream (CU_STREAM_NON_BLOCKING).
    private const uint NonBlocking = 1;

    // The oldest cards that the kernels' PTX is for: compute capability 7.0.
    private const int LeastMajor = 7;

    private readonly CudaDeviceInfo info;
    private readonly Dictionary<(MethodInfo Method, int Threads), CudaKernel> kernels = [];
    private readonly List<ulong> allocations = [];
    private readonly List<CudaReadback> readbacks = [];
    private readonly LaunchLog launched = new();
    private readonly int handle;
    private readonly nint context;
    private readonly nint stream;
    private readonly PinnedStage stage;
    private bool disposed;
    private DeviceException? lost;

    /// <summary>Takes the device; its memory and kernels are the process's until it is disposed.</summary>
    /// <param name="ordinal">Its number, from 0.</param>
    /// <exception cref="DeviceException">There is no driver, no such device, it is too old, or it cannot be had now.</exception>
    public CudaDevice(int ordinal)
    {
        IReadOnlyList<CudaDeviceInfo> devices = CudaDriver.Devices();
        info = devices.FirstOrDefault(device => device.Ordinal == ordinal)
            ?? throw new DeviceException($"there is no cuda:{ordinal}; this machine has {string.Join("; ", devices)}");
        if (info.ComputeMajor < LeastMajor) throw new DeviceException($"{info} is too old: the kernels need compute {LeastMajor}.0 or newer");

        string doing = $"taking cuda:{ordinal}";
        CudaDriver.Check(Libcuda.DeviceGet(out handle, ordinal), doing);
        CudaDriver.Check(Libcuda.DevicePrimaryContextRetain(out context, handle), doing);
        try
        {
            Enter();
            CudaDriver.Check(Libcuda.StreamCreate(out stream, NonBlocking), doing);
            stage = new PinnedStage(this, stream);
        }
        catch
        {
            if (stream != 0) _ = Libcuda.StreamDestroy(stream);
            Leave();
            throw;
        }
    }

    public override string Description => info.ToString();

    /// <summary>Its compute capability, before the dot.</summary>
    public int ComputeMajor => info.ComputeMajor;

    public override int WarpSize => info.WarpSize;

    public override DeviceBuffer<T> Allocate<T>(int length)
    {
        Enter();
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        if (bytes == 0) return new CudaBuffer<T>(this, 0, 0);       // the driver refuses to allocate nothing

        CudaResult result = Libcuda.MemoryAllocate(out ulong address, bytes);
        if (result == CudaResult.OutOfMemory) throw OutOfMemory(bytes);
        Check(result, "taking memory");
        allocations.Add(address);
        Check(Libcuda.FillBytes(address, 0, bytes, stream), "clearing memory");
        return new CudaBuffer<T>(this, address, length);
    }

    public override DeviceReadback Readback(int capacity)
    {
        Enter();
        CudaReadback readback = new(this, stream, capacity);
        readbacks.Add(readback);
        return readback;
    }

    public override void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0)
    {
        Enter();
        if (!kernels.TryGetValue((kernel.Method, threads), out CudaKernel? loaded)) loaded = Load(kernel.Method, threads);
        loaded.Prepare(groups, threads, sharedBytes);

        // One parameter: the argument struct as the kernel's PTX lays it out.
        byte* parameter = stackalloc byte[loaded.Code.Parameters.Size];
        loaded.Code.Parameters.Write(args, new Span<byte>(parameter, loaded.Code.Parameters.Size));
        void* parameters = parameter;
        launched.Add(loaded.Code.Name, groups, threads);
        CudaResult result = Libcuda.LaunchKernel(
            loaded.Function, (uint)groups, 1, 1, (uint)threads, 1, 1, (uint)sharedBytes, stream, &parameters, null);
        if (result != CudaResult.Success) Check(result, $"launching {loaded.Code.Name}");
    }

    public override void Synchronize()
    {
        Enter();
        Check(Libcuda.StreamSynchronize(stream), "running the kernels");
        launched.Clear();
        stage.Clear();
    }

    public override void Dispose()
    {
        if (disposed) return;
        disposed = true;
        // A lost device answers each call with its error, and there is nobody left to tell.
        _ = Libcuda.ContextSetCurrent(context);
        _ = Libcuda.StreamSynchronize(stream);
        foreach (CudaKernel kernel in kernels.Values) kernel.Dispose();
        foreach (CudaReadback readback in readbacks) readback.Dispose();
        foreach (ulong address in allocations) _ = Libcuda.MemoryFree(address);
        stage.Dispose();
        _ = Libcuda.StreamDestroy(stream);
        Leave();
    }

    /// <summary>Copies bytes to the device, in order with the launches; the source may change when this returns.</summary>
    internal void Write(ulong address, byte* source, nuint bytes)
    {
        Enter();
        stage.Write(address, source, bytes);
    }

    /// <summary>Copies bytes to the host, after everything launched has run.</summary>
    internal void Read(byte* destination, ulong address, nuint bytes)
    {
        Synchronize();
        stage.Read(destination, address, bytes);
    }

    /// <summary>Turns a failure into an exception; one that a kernel caused names the kernels that may have.</summary>
    internal void Check(CudaResult result, string doing)
    {
        if (result == CudaResult.Success) return;
        if (result is CudaResult.IllegalAddress or CudaResult.LaunchTimeout or CudaResult.Assert or (>= CudaResult.HardwareStackError and <= CudaResult.LaunchFailed))
        {
            lost = new DeviceException(
                $"cuda:{info.Ordinal}: a kernel failed: {CudaDriver.Explain(result)}; launched last: {launched}; "
                + "with CUDA_LAUNCH_BLOCKING=1 in the environment it is the last of these");
            throw lost;
        }
        CudaDriver.Check(result, $"cuda:{info.Ordinal}: {doing}");
    }

    /// <summary>Makes the device's context the calling thread's: calls into the driver need it, and what other threads do is not known.</summary>
    internal void Enter()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (lost is not null) throw lost;
        CudaResult result = Libcuda.ContextSetCurrent(context);
        if (result != CudaResult.Success) CudaDriver.Check(result, $"entering cuda:{info.Ordinal}");
    }

    // Other devices of this process may still use the context: the driver counts who holds it.
    private void Leave()
    {
        _ = Libcuda.ContextSetCurrent(0);
        _ = Libcuda.DevicePrimaryContextRelease(handle);
    }

    private CudaKernel Load(MethodInfo method, int threads)
    {
        CudaKernel loaded = new(this, info, KernelCompiler.Compile(method, threads));
        kernels.Add((method, threads), loaded);
        return loaded;
    }

    private DeviceException OutOfMemory(nuint bytes)
    {
        string room = Libcuda.MemoryGetInfo(out nuint free, out nuint total) == CudaResult.Success
            ? string.Create(CultureInfo.InvariantCulture, $", {free / 1e6:N0} of its {total / 1e6:N0} MB are free")
            : "";
        return new DeviceException(string.Create(CultureInfo.InvariantCulture,
            $"cuda:{info.Ordinal} has too little memory: {bytes / 1e6:N1} MB more were asked for{room}"));
    }
}
