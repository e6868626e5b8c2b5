using System.Globalization;
using System.Runtime.InteropServices;
using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>Runs small PTX texts on the simulator: kernels that take addresses of buffers, and instructions put into such a kernel.</summary>
internal static class SimulatorRun
{
    /// <summary>A module around the text of one or more entries.</summary>
    public static string Module(string entries) => $".version 7.8\n.target sm_80\n.address_size 64\n{entries}";

    /// <summary>A kernel "test" that takes the addresses out (%rd0) and in (%rd1), with registers of all kinds and the thread's number in %tx.</summary>
    public static string Kernel(string body, string declarations = "") => Module($$"""
        {{declarations}}
        .visible .entry test(.param .u64 out, .param .u64 in)
        {
            .reg .pred %p<16>;
            .reg .b16 %h<16>;
            .reg .b32 %r<64>;
            .reg .f32 %f<64>;
            .reg .b64 %rd<32>;
            .reg .f64 %d<16>;
            .reg .b32 %tx;
            ld.param.u64 %rd0, [out];
            ld.param.u64 %rd1, [in];
            mov.u32 %tx, %tid.x;
            {{body}}
            ret;
        }
        """);

    /// <summary>What a run left behind.</summary>
    public sealed record Result(SimulatedMemory Memory, ulong Out, LaunchReport Report)
    {
        public T[] Read<T>(int count) where T : unmanaged
        {
            T[] values = new T[count];
            Memory.Read<T>(Out, values);
            return values;
        }

        /// <summary>The one fault of the run.</summary>
        public Fault Fault => Assert.Single(Report.Faults);
    }

    /// <summary>Runs <see cref="Kernel"/>'s text; the output starts unwritten unless told.</summary>
    public static Result Run(
        string text, int groups = 1, int threads = 32, int sharedBytes = 0, byte[]? input = null, int outBytes = 4096, SimulatorChecks? checks = null, bool isOutSet = false)
    {
        SimulatedMemory memory = new();
        ulong output = isOutSet ? memory.Allocate(outBytes, "out") : memory.AllocateUninitialised(outBytes, "out");
        ulong source = memory.Allocate(Math.Max(input?.Length ?? 0, 16), "in");
        memory.Write<byte>(source, input ?? []);
        PtxEntry entry = PtxModule.Parse(text).Entry("test");
        LaunchReport report = new PtxMachine().Run(
            entry, groups, threads, sharedBytes, MemoryMarshal.AsBytes<ulong>([output, source]), memory, checks ?? new SimulatorChecks());
        return new Result(memory, output, report);
    }

    /// <summary>Like <see cref="Run"/>, and nothing may be wrong.</summary>
    public static Result RunClean(
        string text, int groups = 1, int threads = 32, int sharedBytes = 0, byte[]? input = null, int outBytes = 4096, SimulatorChecks? checks = null, bool isOutSet = false)
    {
        Result result = Run(text, groups, threads, sharedBytes, input, outBytes, checks, isOutSet);
        Assert.True(result.Report.Faults.Count == 0, string.Join('\n', result.Report.Faults));
        return result;
    }

    public static byte[] Bytes<T>(params ReadOnlySpan<T> values) where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    /// <summary>The bits of "1.5f", "2.5d", "-3", "0x10" or "true".</summary>
    public static ulong Bits(string value)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (value is "true" or "false") return value == "true" ? 1ul : 0;
        if (value.StartsWith("0x", StringComparison.Ordinal)) return ulong.Parse(value[2..], NumberStyles.HexNumber, culture);
        if (value.EndsWith('f')) return BitConverter.SingleToUInt32Bits(float.Parse(value[..^1], culture));
        if (value.EndsWith('d')) return BitConverter.DoubleToUInt64Bits(double.Parse(value[..^1], culture));
        return value[0] == '-' ? (ulong)long.Parse(value, culture) : ulong.Parse(value, culture);
    }
}
