using System.Text;
using SmilesBert.Gpu.Compiler;

namespace SmilesBert.Gpu.Driver;

/// <summary>A kernel that the driver has compiled for its device, in a module of its own.</summary>
internal sealed unsafe class CudaKernel : IDisposable
{
    private const int LogBytes = 4096;

    private readonly CudaDevice device;
    private readonly KernelLimits limits;
    private readonly nint module;
    private int sharedAllowed;

    /// <exception cref="DeviceException">The driver's compiler refuses the PTX; the message holds what it says.</exception>
    public CudaKernel(CudaDevice device, CudaDeviceInfo info, CompiledKernel code)
    {
        this.device = device;
        Code = code;

        byte* log = stackalloc byte[LogBytes];
        log[0] = 0;
        CudaJitOption* options = stackalloc[] { CudaJitOption.ErrorLog, CudaJitOption.ErrorLogBytes };
        void** values = stackalloc void*[] { log, (void*)LogBytes };
        CudaResult result;
        fixed (byte* image = Terminated(code.Ptx)) result = Libcuda.ModuleLoad(out module, image, 2, options, values);
        if (result != CudaResult.Success)
        {
            string said = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(log, LogBytes)[..new ReadOnlySpan<byte>(log, LogBytes).IndexOf((byte)0)]).Trim();
            device.Check(result, $"compiling {code.Name} ({(said.Length > 0 ? said : "the driver's compiler says nothing")})");
        }

        string doing = $"loading {code.Name}";
        nint function;
        fixed (byte* name = Terminated(code.Name)) device.Check(Libcuda.ModuleGetFunction(out function, module, name), doing);
        Function = function;
        limits = new KernelLimits(
            $"cuda:{info.Ordinal}", Math.Min(info.MaxThreads, Attribute(CudaFunctionAttribute.MaxThreadsPerGroup)),
            Attribute(CudaFunctionAttribute.StaticSharedBytes), info.MaxSharedBytes);
        sharedAllowed = Attribute(CudaFunctionAttribute.MaxDynamicSharedBytes);

        int Attribute(CudaFunctionAttribute attribute)
        {
            device.Check(Libcuda.FunctionGetAttribute(out int value, attribute, function), doing);
            return value;
        }
    }

    public CompiledKernel Code { get; }

    /// <summary>The driver's handle of it.</summary>
    public nint Function { get; }

    /// <summary>Refuses a launch that the device cannot do, and asks the driver for more shared memory where this one is the first to need it.</summary>
    /// <exception cref="DeviceException">Too many threads or groups, or too much shared memory.</exception>
    public void Prepare(int groups, int threads, int sharedBytes)
    {
        if (limits.Refusal(Code.Name, groups, threads, sharedBytes) is { } refusal) throw new DeviceException(refusal);
        if (sharedBytes <= sharedAllowed) return;
        device.Check(Libcuda.FunctionSetAttribute(Function, CudaFunctionAttribute.MaxDynamicSharedBytes, sharedBytes), "asking for shared memory");
        sharedAllowed = sharedBytes;
    }

    public void Dispose() => _ = Libcuda.ModuleUnload(module);

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
