namespace SmilesBert.Gpu.Compiler;

// Shared and local memory, fences, atomics, and text of the kernel's author.
internal static partial class Intrinsics
{
    private const int SharedAlignment = 16;

    private static void AddMemory()
    {
        Add("ILGPU.SharedMemory", "Allocate", AllocateShared);
        Add("ILGPU.SharedMemory", "Allocate1D", AllocateShared);
        Add("ILGPU.SharedMemory", "GetDynamic", DynamicShared);
        Add("ILGPU.LocalMemory", "Allocate", AllocateLocal);
        Add("ILGPU.LocalMemory", "Allocate1D", AllocateLocal);

        Add("ILGPU.MemoryFence", "GroupLevel", call => Barrier(call, "membar.cta"));
        Add("ILGPU.MemoryFence", "DeviceLevel", call => Barrier(call, "membar.gl"));
        Add("ILGPU.MemoryFence", "SystemLevel", call => Barrier(call, "membar.sys"));

        Add("ILGPU.Atomic", "Add", call => Atomic(call, "add", AdditionSuffix));
        Add("ILGPU.Atomic", "Min", call => Atomic(call, "min", SignedSuffix));
        Add("ILGPU.Atomic", "Max", call => Atomic(call, "max", SignedSuffix));
        Add("ILGPU.Atomic", "And", call => Atomic(call, "and", BitSuffix));
        Add("ILGPU.Atomic", "Or", call => Atomic(call, "or", BitSuffix));
        Add("ILGPU.Atomic", "Xor", call => Atomic(call, "xor", BitSuffix));
        Add("ILGPU.Atomic", "Exchange", call => Atomic(call, "exch", BitSuffix));
        Add("ILGPU.Atomic", "CompareExchange", call => Atomic(call, "cas", BitSuffix));

        Add("ILGPU.Runtime.Cuda.CudaAsm", "Emit", EmitText);
        Add("ILGPU.Runtime.Cuda.CudaAsm", "get_IsSupported", _ => new Operand(Constant.Of(true)));

        Add("System.Runtime.CompilerServices.Unsafe", "As", call => call.TypeArguments.Length == 2 ? call.Arguments[0] : throw call.Translator.Refuse("kernels have no objects"));
        Add("System.Runtime.CompilerServices.Unsafe", "SizeOf", call => new Operand(Constant.Of(call.Translator.Shape(call.TypeArguments[0]).Size)));
        Add("ILGPU.Interop", "SizeOf", call => new Operand(Constant.Of(call.Translator.Shape(call.TypeArguments[0]).Size)));
        Add("System.Diagnostics.Debug", "Assert", _ => null);
        Add("System.Diagnostics.Trace", "Assert", _ => null);
    }

    private static Operand? AllocateShared(IntrinsicCall call) => Allocate(call, call.Translator.Module.AddShared);

    private static Operand? AllocateLocal(IntrinsicCall call) => Allocate(call, call.Translator.Module.AddLocal);

    private static Operand Allocate(IntrinsicCall call, Func<int, Symbol> declare)
    {
        int size = call.Translator.Shape(call.TypeArguments[0]).Size;
        int count = call.Arguments.Length == 0 ? 1 : call.Known(0);
        if (count < 1) throw call.Translator.Refuse($"{count} elements cannot be allocated");
        int bytes = (count * size + SharedAlignment - 1) / SharedAlignment * SharedAlignment;
        Value address = call.Graph.Pure("mov.u64", ValueKind.Int64, declare(bytes));
        return call.Arguments.Length == 0 ? new Operand([address], IsReference: true) : new Operand([address, Constant.Of((long)count)]);
    }

    private static Operand? DynamicShared(IntrinsicCall call)
    {
        call.Translator.Module.UsesDynamicShared = true;
        var array = new Symbol(ModuleState.DynamicShared, ValueKind.Int64, MemorySpace.Shared);
        Value length = call.Graph.Pure("div.u32", ValueKind.Int32, Register(call, "%dynamic_smem_size"), Constant.Of(call.Translator.Shape(call.TypeArguments[0]).Size));
        return new Operand([call.Graph.Pure("mov.u64", ValueKind.Int64, array), call.Graph.Pure("cvt.u64.u32", ValueKind.Int64, length)]);
    }

    // ---- Atomics ---------------------------------------------------------------------------------------------------

    private static Operand? Atomic(IntrinsicCall call, string operation, Func<Type, string?> suffix)
    {
        Type type = call.Parameters[0].ParameterType.GetElementType()!;
        if (suffix(type) is not { } typeSuffix) throw call.Translator.Refuse($"Atomic.{call.Method.Name} has no translation for {type.Name}");
        if (call.Arguments[0].Scalar is Place) throw call.Translator.Refuse("an atomic operation needs memory, not a variable");
        Value[] operands = [call.Arguments[0].Scalar, .. Enumerable.Range(1, call.Arguments.Length - 1).Select(call.Scalar)];
        return new Operand(call.Graph.Add(new MemoryInstruction($"atom.?.{operation}.{typeSuffix}", TypeShape.Of(type).Leaves[0].Scalar.Kind, Effect.Write, operands)));
    }

    private static string? AdditionSuffix(Type type) => type == typeof(float) ? "f32" : type == typeof(double) ? "f64" : SignedSuffix(type)?.Replace('s', 'u');

    private static string? SignedSuffix(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => "s32",
        TypeCode.UInt32 => "u32",
        TypeCode.Int64 => "s64",
        TypeCode.UInt64 => "u64",
        _ => null,
    };

    private static string? BitSuffix(Type type) => TypeShape.Of(type).Size switch { 4 => "b32", 8 => "b64", _ => null };

    // ---- Text ------------------------------------------------------------------------------------------------------

    // Instructions that need more than the oldest architecture that is written for.
    private static readonly string[] AmpereInstructions = ["cp.async", "mma.sync", "ldmatrix", ".bf16", ".tf32", "redux.sync"];

    private static Operand? EmitText(IntrinsicCall call)
    {
        if (call.Arguments[0].Scalar is not Text text) throw call.Translator.Refuse("CudaAsm takes a text that is constant in the calling method");
        if (AmpereInstructions.Any(instruction => text.Content.Contains(instruction, StringComparison.Ordinal))) call.Translator.Module.Require(80);
        bool hasResult = call.Parameters.Length > 1 && call.Parameters[1].IsOut;
        Value[][] operands = [.. Enumerable.Range(hasResult ? 2 : 1, call.Arguments.Length - (hasResult ? 2 : 1)).Select(i => OperandOfText(call, i))];
        if (!hasResult)
        {
            call.Graph.Add(new AsmText(text.Content, ValueKind.None, operands));
            return null;
        }
        Type type = call.Parameters[1].ParameterType.GetElementType()!;
        call.Translator.Store(call.Arguments[1], type, new Operand(ResultsOfText(call, call.Translator.Shape(type), text.Content, operands)));
        return null;
    }

    // A number, or a struct's numbers.
    private static Value[] OperandOfText(IntrinsicCall call, int argument) =>
        call.Arguments[argument].Leaves is [_] || DeviceTypes.IsView(call.Parameters[argument].ParameterType)
            ? [call.Scalar(argument)]
            : [.. call.Arguments[argument].Leaves.Select(static leaf => leaf.Current)];

    private static Value[] ResultsOfText(IntrinsicCall call, TypeShape shape, string content, Value[][] operands)
    {
        if (shape.Leaves is [var only]) return [call.Graph.Add(new AsmText(content, only.Scalar.Kind, operands))];
        AsmText text = call.Graph.Add(new AsmText(content, ValueKind.Vector, operands));
        return text.Elements = [.. shape.Leaves.Select(leaf => new Element(leaf.Scalar.Kind, text))];
    }
}
