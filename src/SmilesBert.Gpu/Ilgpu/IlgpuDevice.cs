using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SmilesBert.Gpu.Ilgpu;

/// <summary>A device that ILGPU drives: its compiler, its launches, its memory. In builds with the ILGPU package alone.</summary>
public sealed class IlgpuDevice : Device
{
    private readonly Context context;
    private readonly Accelerator accelerator;

    // Keyed by method: ILGPU compiles a kernel once, when it is first launched.
    private readonly ConcurrentDictionary<(MethodInfo Kernel, int Threads), Delegate> kernels = new();

    private IlgpuDevice(Context context, ILGPU.Runtime.Device device)
    {
        this.context = context;
        accelerator = device.CreateAccelerator(context);
    }

    public override string Description => accelerator.AcceleratorType == AcceleratorType.CPU
        ? "ilgpu, its CPU accelerator (for looking into kernels: a thousand times slower than cpu)"
        : $"ilgpu, {accelerator.AcceleratorType}, {accelerator.Name}";

    public override int WarpSize => accelerator.WarpSize;

    /// <summary>The first CUDA device, else the first OpenCL device, else ILGPU's CPU accelerator.</summary>
    public static IlgpuDevice Open()
    {
        Context context = Context.Create(builder => builder.Cuda().OpenCL().EnableAlgorithms());
        foreach (CudaDevice device in context.GetCudaDevices()) return new IlgpuDevice(context, device);
        foreach (CLDevice device in context.GetCLDevices()) return new IlgpuDevice(context, device);
        context.Dispose();
        return Cpu();
    }

    /// <summary>ILGPU's CPU accelerator: a thread for each lane. It is a debugger, not a device to train on.</summary>
    public static IlgpuDevice Cpu(int warpSize = 32)
    {
        const int WarpsOfLargestGroup = 8;
        int warps = Math.Max(WarpsOfLargestGroup, 256 / warpSize);
        CPUDevice device = new(warpSize, warps, numMultiprocessors: 1);
        return new IlgpuDevice(Context.Create(builder => builder.CPU(device).EnableAlgorithms()), device);
    }

    public override DeviceBuffer<T> Allocate<T>(int length) => new Buffer<T>(accelerator, length);

    public override void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0)
    {
        Action<KernelConfig, TArgs> launch = (Action<KernelConfig, TArgs>)kernels.GetOrAdd(
            (kernel.Method, threads), _ => accelerator.LoadStreamKernel(kernel, new KernelSpecialization(threads, null)));
        KernelConfig config = sharedBytes > 0 ? new(groups, threads, SharedMemoryConfig.RequestDynamic<byte>(sharedBytes)) : new(groups, threads);
        launch(config, args);
    }

    public override void Synchronize() => accelerator.Synchronize();

    public override void Dispose()
    {
        accelerator.Dispose();
        context.Dispose();
    }

    private sealed class Buffer<T> : DeviceBuffer<T> where T : unmanaged
    {
        private readonly Accelerator accelerator;
        private readonly MemoryBuffer1D<T, Stride1D.Dense> memory;

        public Buffer(Accelerator accelerator, int length)
        {
            this.accelerator = accelerator;
            Length = length;
            memory = accelerator.Allocate1D<T>(Math.Max(length, 1));
            memory.MemSetToZero();
        }

        public override int Length { get; }

        public override ArrayView1D<T, Stride1D.Dense> View => memory.View.SubView(0, Length);

        public override void Write(int offset, ReadOnlySpan<T> source)
        {
            if (source.IsEmpty) return;
            memory.View.BaseView.SubView(offset, source.Length).CopyFromCPU(accelerator.DefaultStream, source);
        }

        public override void Read(Span<T> destination, int offset)
        {
            accelerator.Synchronize();
            if (destination.IsEmpty) return;
            memory.View.BaseView.SubView(offset, destination.Length).CopyToCPU(accelerator.DefaultStream, destination);
        }
    }
}
