using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime.Cuda;
using SmilesBert.Gpu.Compiler;
using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>
/// Every opcode of IL: those that the compiler translates on values worked out by hand, all others refused by name. The methods are
/// written opcode by opcode; operands come from memory, and a second time as constants, which the compiler folds.
/// </summary>
public sealed class CompilerOpcodeTests
{
    // Opcode, what is on the stack (the last on top; 5: int, 5L: long, 5f: float, 5d: double), the result. Of a branch: 1 where it is taken.
    private const string Table = """
        add         | 7 -3                          | 4
        add         | 0x7FFFFFFF 1                  | 0x80000000
        add         | 0x7FFFFFFFFFFFFFFFL 2L        | 0x8000000000000001L
        add         | 1.5f 2.25f                    | 3.75f
        add         | 1.5d 2.25d                    | 3.75d
        sub         | 7 -3                          | 10
        sub         | 5L 7L                         | -2L
        sub         | 1.5f 2.25f                    | -0.75f
        sub         | 1.5d 2.25d                    | -0.75d
        mul         | 0x10001 0x10001               | 0x20001
        mul         | -3L 0x100000000L              | -12884901888L
        mul         | 1.5f -2f                      | -3f
        mul         | 1.5d -2d                      | -3d
        div         | -7 2                          | -3
        div         | 0x80000000 16                 | -134217728
        div         | -7L 2L                        | -3L
        div         | 1f 3f                         | 0.33333334f
        div         | 1d -4d                        | -0.25d
        div.un      | -1 10                         | 429496729
        div.un      | -1L 10L                       | 1844674407370955161L
        rem         | -17 5                         | -2
        rem         | 17 -8                         | 1
        rem         | -17L 5L                       | -2L
        rem.un      | -1 10                         | 5
        rem.un      | -1L 10L                       | 5L
        and         | 0xF0F0 0xFF00                 | 0xF000
        and         | 0xF00000000FL 0xFF00000000L   | 0xF000000000L
        or          | 0xF0F0 0xFF00                 | 0xFFF0
        or          | 0xF000000000L 0xFL            | 0xF00000000FL
        xor         | 0xF0F0 0xFF00                 | 0x0FF0
        xor         | -1L 0xFL                      | -16L
        not         | 5                             | -6
        not         | 5L                            | -6L
        neg         | 5                             | -5
        neg         | 0x80000000                    | 0x80000000
        neg         | 5L                            | -5L
        neg         | 1.5f                          | -1.5f
        neg         | 1.5d                          | -1.5d
        shl         | 3 30                          | 0xC0000000
        shl         | 3L 40                         | 0x30000000000L
        shr         | -16 2                         | -4
        shr         | -16L 2                        | -4L
        shr.un      | -16 28                        | 15
        shr.un      | -16L 60                       | 15L
        ceq         | 5 5                           | 1
        ceq         | 5L 6L                         | 0
        ceq         | NaNf NaNf                     | 0
        cgt         | 5 -5                          | 1
        cgt         | 5L 5L                         | 0
        cgt         | 1f NaNf                       | 0
        cgt.un      | 5 -5                          | 0
        cgt.un      | -1L 5L                        | 1
        cgt.un      | 1f NaNf                       | 1
        clt         | -5 5                          | 1
        clt         | 1d 2d                         | 1
        clt         | NaNd 2d                       | 0
        clt.un      | -5 5                          | 0
        clt.un      | NaNd 2d                       | 1
        conv.i1     | 0x1FF                         | -1
        conv.i1     | -129L                         | 127
        conv.u1     | 0x1FF                         | 255
        conv.i2     | 0x18000                       | -32768
        conv.u2     | 0x18000                       | 32768
        conv.i4     | 0x123456789L                  | 0x23456789
        conv.i4     | -2.75f                        | -2
        conv.i4     | -2.75d                        | -2
        conv.u4     | 0x123456789L                  | 0x23456789
        conv.u4     | 3000000000d                   | -1294967296
        conv.i8     | -2                            | -2L
        conv.i8     | -1e10f                        | -10000000000L
        conv.u8     | -2                            | 4294967294L
        conv.u8     | 1e19d                         | 0x8AC7230489E80000L
        conv.i      | -2                            | -2L
        conv.u      | -2                            | 4294967294L
        conv.r4     | -16777217                     | -16777216f
        conv.r4     | 3L                            | 3f
        conv.r4     | 0.1d                          | 0.1f
        conv.r8     | -3                            | -3d
        conv.r8     | 0.5f                          | 0.5d
        conv.r.un   | -1                            | 4294967295d
        conv.r.un   | -1L                           | 18446744073709551615d
        dup         | 9                             | 9
        nop         | 9                             | 9
        beq         | 5 5                           | 1
        beq         | 5L 6L                         | 0
        bne.un      | 5 5                           | 0
        bne.un      | NaNf NaNf                     | 1
        blt         | -5 5                          | 1
        blt         | 1f NaNf                       | 0
        blt.un      | -5 5                          | 0
        blt.un      | 1f NaNf                       | 1
        ble         | 5 5                           | 1
        ble         | 5d 4d                         | 0
        ble.un      | -5 5                          | 0
        ble.un      | 1d NaNd                       | 1
        bgt         | 5 -5                          | 1
        bgt         | 1f NaNf                       | 0
        bgt.un      | 5 -5                          | 0
        bgt.un      | 1f NaNf                       | 1
        bge         | -5 -5                         | 1
        bge         | 1f NaNf                       | 0
        bge.un      | 5 -5                          | 0
        bge.un      | 1f NaNf                       | 1
        brtrue      | 7                             | 1
        brtrue      | 0x100000000L                  | 1
        brtrue      | 0                             | 0
        brfalse     | 7                             | 0
        brfalse     | 0                             | 1
        """;

    public static readonly int Eleven = 11;

    public interface INumbered { int Number { get; } }

    public struct Point(int x, long z) : INumbered
    {
        public int X = x;
        public long Z = z;

        public readonly int Number => X + 1;
    }

    public struct Args
    {
        public ArrayView<long> Y, L;
        public ArrayView<int> I;
        public ArrayView<float> F;
        public ArrayView<double> D;
        public int N;
    }

    /// <summary>A method `long Of(Args a, int b, int c, int d)` about one opcode, with a local of each type, and what it returns.</summary>
    private sealed record Case(string Opcode, Action<Body> Write, long Expected);

    // Internal ones, "prefix1" and the like, stand for themselves in no method.
    public static TheoryData<string> Opcodes =>
        [.. typeof(OpCodes).GetFields().Select(static opCode => (OpCode)opCode.GetValue(null)!).Where(static opCode => opCode.OpCodeType != OpCodeType.Nternal).Select(static opCode => opCode.Name!)];

    private static readonly ILookup<string, Case> Cases = ((IEnumerable<Case>)[.. FromTable(), .. ByHand()]).ToLookup(static one => one.Opcode);

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Opcode_GivesTheValueWorkedOutByHandOrIsRefused(string name)
    {
        if (!Cases.Contains(name))
        {
            KernelCompileException error = Assert.Throws<KernelCompileException>(() => Compile(body => body.WriteAlone(Find(name))));
            Assert.Contains(name.Split('.')[0], error.Message);
            return;
        }
        foreach (Case one in Cases[name])
        {
            CompiledKernel kernel = Compile(one.Write);
            long actual = Run(kernel);
            Assert.True(one.Expected == actual, $"{name}: expected {one.Expected:X}, the kernel gives {actual:X}\n{kernel.Ptx}");
        }
    }

    // ---- Cases -----------------------------------------------------------------------------------------------------

    private static IEnumerable<Case> FromTable()
    {
        foreach (string line in Table.Split('\n'))
        {
            string[] cells = line.Split('|', StringSplitOptions.TrimEntries);
            object[] operands = [.. cells[1].Split(' ').Select(Parse)];
            object result = Parse(cells[2]);
            OpCode opCode = Find(cells[0]);
            foreach (bool constant in (bool[])[false, true])
            {
                yield return new Case(cells[0], body => body.WritePlain(opCode, operands, constant, result), Bits(result));
                if (opCode.FlowControl == FlowControl.Cond_Branch)
                    yield return new Case(cells[0] + ".s", body => body.WritePlain(Find(cells[0] + ".s"), operands, constant, result), Bits(result));
            }
        }
    }

    private static IEnumerable<Case> ByHand()
    {
        // Constants
        for (int i = 0; i <= 8; i++) yield return Plain($"ldc.i4.{i}", i);
        yield return Plain("ldc.i4.m1", -1);
        yield return Of("ldc.i4.s", -100, static il => il.Emit(OpCodes.Ldc_I4_S, (sbyte)-100));
        yield return Of("ldc.i4", 0x12345678, static il => il.Emit(OpCodes.Ldc_I4, 0x12345678));
        yield return new("ldc.i8", static body => body.Il.Emit(OpCodes.Ldc_I8, 0x123456789ABCDEFL), 0x123456789ABCDEF);
        yield return Of("ldc.r4", 2, static il => { il.Emit(OpCodes.Ldc_R4, 2.75f); il.Emit(OpCodes.Conv_I4); });
        yield return Of("ldc.r8", 2, static il => { il.Emit(OpCodes.Ldc_R8, 2.75); il.Emit(OpCodes.Conv_I4); });

        // Arguments: a is a struct with N = 5, b, c and d are 10, 20 and 30.
        yield return Of("ldarg.0", 5, static il => { il.Emit(OpCodes.Ldarg_0); il.Emit(OpCodes.Ldfld, typeof(Args).GetField("N")!); });
        yield return Plain("ldarg.1", 10);
        yield return Plain("ldarg.2", 20);
        yield return Plain("ldarg.3", 30);
        yield return Of("ldarg", 30, static il => il.Emit(OpCodes.Ldarg, (short)3));
        yield return Of("ldarg.s", 30, static il => il.Emit(OpCodes.Ldarg_S, (byte)3));
        yield return Of("ldarga", 30, static il => { il.Emit(OpCodes.Ldarga, (short)3); il.Emit(OpCodes.Ldind_I4); });
        yield return Of("ldarga.s", 30, static il => { il.Emit(OpCodes.Ldarga_S, (byte)3); il.Emit(OpCodes.Ldind_I4); });
        yield return Of("starg", 20, static il => { il.Emit(OpCodes.Ldarg_2); il.Emit(OpCodes.Starg, (short)1); il.Emit(OpCodes.Ldarg_1); });
        yield return Of("starg.s", 20, static il => { il.Emit(OpCodes.Ldarg_2); il.Emit(OpCodes.Starg_S, (byte)1); il.Emit(OpCodes.Ldarg_1); });

        // Locals 0 to 4 are ints: b goes into one and comes out again.
        for (int i = 0; i <= 3; i++)
        {
            short number = (short)i;
            yield return Of($"stloc.{i}", 10, il => { il.Emit(OpCodes.Ldarg_1); il.Emit(Find($"stloc.{number}")); il.Emit(OpCodes.Ldloc, number); });
            yield return Of($"ldloc.{i}", 10, il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Stloc, number); il.Emit(Find($"ldloc.{number}")); });
        }
        yield return Of("ldloc", 10, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Stloc_S, (byte)4); il.Emit(OpCodes.Ldloc, (short)4); });
        yield return Of("stloc", 10, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Stloc, (short)4); il.Emit(OpCodes.Ldloc_S, (byte)4); });
        yield return Of("ldloc.s", 10, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Stloc, (short)4); il.Emit(OpCodes.Ldloc_S, (byte)4); });
        yield return Of("stloc.s", 10, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Stloc_S, (byte)4); il.Emit(OpCodes.Ldloc, (short)4); });
        yield return Of("ldloca", 11, static il => Increment(il, () => il.Emit(OpCodes.Ldloca, (short)4)));
        yield return Of("ldloca.s", 11, static il => Increment(il, () => il.Emit(OpCodes.Ldloca_S, (byte)4)));
        yield return Of("pop", 10, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Ldarg_2); il.Emit(OpCodes.Pop); });

        // Memory: L[0] is 0x8182838485868788, L[1] all ones, F[0] 1.5, D[0] -2.5.
        foreach ((string type, long value) in ((string, long)[])[
            ("i1", -120), ("u1", 136), ("i2", -30840), ("u2", 34696), ("i4", unchecked((int)0x85868788)), ("u4", unchecked((int)0x85868788)),
            ("i8", unchecked((long)0x8182838485868788)), ("i", unchecked((long)0x8182838485868788))])
            yield return new($"ldind.{type}", body => { body.Element("L", 0); body.Il.Emit(Find($"ldind.{type}")); body.Il.Emit(OpCodes.Conv_I8); }, value);
        yield return new("ldind.r4", static body => { body.Element("F", 0); body.Il.Emit(OpCodes.Ldind_R4); body.ResultBits(1f); }, Bits(1.5f));
        yield return new("ldind.r8", static body => { body.Element("D", 0); body.Il.Emit(OpCodes.Ldind_R8); body.ResultBits(1d); }, Bits(-2.5));
        foreach ((string type, ulong value) in ((string, ulong)[])[
            ("i1", 0xFFFFFFFFFFFFFF05), ("i2", 0xFFFFFFFFFFFF0105), ("i4", 0xFFFFFFFF02030105), ("i8", 0x0000000002030105), ("i", 0x0000000002030105)])
            yield return new($"stind.{type}", body => body.StoreInL(() =>
            {
                body.Il.Emit(OpCodes.Ldc_I4, 0x02030105);
                if (type is "i8" or "i") body.Il.Emit(OpCodes.Conv_I8);
                body.Il.Emit(Find($"stind.{type}"));
            }), (long)value);
        yield return new("stind.r4", static body => body.StoreInL(() => { body.Il.Emit(OpCodes.Ldc_R4, 1.5f); body.Il.Emit(OpCodes.Stind_R4); }), unchecked((long)0xFFFFFFFF3FC00000));
        yield return new("stind.r8", static body => body.StoreInL(() => { body.Il.Emit(OpCodes.Ldc_R8, -2.5); body.Il.Emit(OpCodes.Stind_R8); }), Bits(-2.5));
        yield return new("ldobj", static body => { body.Element("L", 0); body.Il.Emit(OpCodes.Ldobj, typeof(long)); }, unchecked((long)0x8182838485868788));
        yield return new("stobj", static body => body.StoreInL(() => { body.Il.Emit(OpCodes.Ldc_I8, 77L); body.Il.Emit(OpCodes.Stobj, typeof(long)); }), 77);
        yield return new("cpobj", static body => body.StoreInL(() => { body.Element("L", 0); body.Il.Emit(OpCodes.Cpobj, typeof(long)); }), unchecked((long)0x8182838485868788));
        yield return new("initobj", static body => body.StoreInL(() => body.Il.Emit(OpCodes.Initobj, typeof(long))), 0);
        yield return new("volatile.", static body => { body.Element("L", 0); body.Il.Emit(OpCodes.Volatile); body.Il.Emit(OpCodes.Ldind_I8); }, unchecked((long)0x8182838485868788));
        yield return new("unaligned.", static body => { body.Element("L", 0); body.Il.Emit(OpCodes.Unaligned, (byte)8); body.Il.Emit(OpCodes.Ldind_I8); }, unchecked((long)0x8182838485868788));

        // Structs: local 5 is a Point of b and 0.
        yield return Of("sizeof", 16, static il => il.Emit(OpCodes.Sizeof, typeof(Point)));
        yield return Of("newobj", 10, static il => { NewPoint(il); il.Emit(OpCodes.Ldfld, typeof(Point).GetField("X")!); });
        yield return Of("ldfld", 10, static il => { StorePoint(il); il.Emit(OpCodes.Ldloca_S, (byte)5); il.Emit(OpCodes.Ldfld, typeof(Point).GetField("X")!); });
        yield return Of("ldflda", 10, static il => { StorePoint(il); il.Emit(OpCodes.Ldloca_S, (byte)5); il.Emit(OpCodes.Ldflda, typeof(Point).GetField("X")!); il.Emit(OpCodes.Ldind_I4); });
        yield return Of("stfld", 20, static il =>
        {
            il.Emit(OpCodes.Ldloca_S, (byte)5);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Stfld, typeof(Point).GetField("X")!);
            il.Emit(OpCodes.Ldloc_S, (byte)5);
            il.Emit(OpCodes.Ldfld, typeof(Point).GetField("X")!);
        });
        yield return Of("ldsfld", 11, static il => il.Emit(OpCodes.Ldsfld, typeof(CompilerOpcodeTests).GetField(nameof(Eleven))!));
        foreach (string name in (string[])["constrained.", "callvirt"])
            yield return Of(name, 11, static il =>
            {
                StorePoint(il);
                il.Emit(OpCodes.Ldloca_S, (byte)5);
                il.Emit(OpCodes.Constrained, typeof(Point));
                il.Emit(OpCodes.Callvirt, typeof(INumbered).GetProperty("Number")!.GetMethod!);
            });

        // Control
        yield return Of("call", 20, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Ldarg_2); il.Emit(OpCodes.Call, typeof(Math).GetMethod("Max", [typeof(int), typeof(int)])!); });
        yield return Of("tail.", 20, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Ldarg_2); il.Emit(OpCodes.Tailcall); il.Emit(OpCodes.Call, typeof(Math).GetMethod("Max", [typeof(int), typeof(int)])!); });
        yield return Of("ret", 10, static il => { il.Emit(OpCodes.Ldarg_1); il.Emit(OpCodes.Conv_I8); il.Emit(OpCodes.Ret); il.Emit(OpCodes.Ldarg_2); });
        yield return Of("br", 10, static il => Jump(il, OpCodes.Br));
        yield return Of("br.s", 10, static il => Jump(il, OpCodes.Br_S));
        for (int i = 0; i <= 2; i++)
        {
            int chosen = i;
            yield return Of("switch", i < 2 ? 100 + i : 99, il => Choose(il, chosen));
        }
        yield return Of("ldstr", 1, static il =>
        {
            il.Emit(OpCodes.Ldstr, "mov.u32 %0, %ntid.x;");
            il.Emit(OpCodes.Ldloca_S, (byte)4);
            il.Emit(OpCodes.Call, typeof(CudaAsm).GetMethods().Single(static method =>
                method.Name == "Emit" && method.GetParameters() is [_, { IsOut: true }]).MakeGenericMethod(typeof(int)));
            il.Emit(OpCodes.Ldloc_S, (byte)4);
        });

        static Case Plain(string opcode, int value) => Of(opcode, value, il => il.Emit(Find(opcode)));
        static Case Of(string opcode, int value, Action<ILGenerator> write) => new(opcode, body => { write(body.Il); body.Il.Emit(OpCodes.Conv_I8); }, value);
    }

    private static void Increment(ILGenerator il, Action address)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stloc_S, (byte)4);
        address();
        address();
        il.Emit(OpCodes.Ldind_I4);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stind_I4);
        il.Emit(OpCodes.Ldloc_S, (byte)4);
    }

    private static void NewPoint(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Newobj, typeof(Point).GetConstructor([typeof(int), typeof(long)])!);
    }

    private static void StorePoint(ILGenerator il)
    {
        NewPoint(il);
        il.Emit(OpCodes.Stloc_S, (byte)5);
    }

    private static void Jump(ILGenerator il, OpCode opCode)
    {
        Label over = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(opCode, over);
        il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Ldarg_2);
        il.MarkLabel(over);
    }

    private static void Choose(ILGenerator il, int chosen)
    {
        Label[] cases = [il.DefineLabel(), il.DefineLabel()];
        Label end = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, 10 - chosen);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Switch, cases);
        il.Emit(OpCodes.Ldc_I4, 99);
        il.Emit(OpCodes.Br, end);
        for (int i = 0; i < cases.Length; i++)
        {
            il.MarkLabel(cases[i]);
            il.Emit(OpCodes.Ldc_I4, 100 + i);
            il.Emit(OpCodes.Br, end);
        }
        il.MarkLabel(end);
    }

    private static OpCode Find(string name) => typeof(OpCodes).GetFields().Select(static field => (OpCode)field.GetValue(null)!).First(opCode => opCode.Name == name);

    private static object Parse(string text)
    {
        string digits = text.TrimEnd('L');
        if (text.EndsWith('L')) return digits.StartsWith("0x", StringComparison.Ordinal) ? (long)Convert.ToUInt64(digits, 16) : long.Parse(digits, CultureInfo.InvariantCulture);
        if (text.StartsWith("0x", StringComparison.Ordinal)) return (int)Convert.ToUInt32(text, 16);
        return text[^1] switch
        {
            'f' => (object)float.Parse(text[..^1], CultureInfo.InvariantCulture),
            'd' => double.Parse(text[..^1], CultureInfo.InvariantCulture),
            _ => int.Parse(text, CultureInfo.InvariantCulture),
        };
    }

    private static long Bits(object value) => value switch
    {
        int i => i,
        long l => l,
        float f => BitConverter.SingleToInt32Bits(f),
        _ => BitConverter.DoubleToInt64Bits((double)value),
    };

    // ---- Methods ---------------------------------------------------------------------------------------------------

    /// <summary>The body of a method Of; element 8 and on of the views hold what it takes from memory.</summary>
    private sealed class Body(ILGenerator il)
    {
        public const int FirstOperand = 8;

        public ILGenerator Il => il;

        /// <summary>Operands that come from memory, in order, each in the view of its type.</summary>
        public List<object> Operands { get; } = [];

        /// <summary>Pushes a reference to an element of one of the argument's views.</summary>
        public void Element(string view, int index)
        {
            FieldInfo field = typeof(Args).GetField(view)!;
            il.Emit(OpCodes.Ldarga_S, (byte)0);
            il.Emit(OpCodes.Ldflda, field);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Call, field.FieldType.GetProperty("Item", [typeof(int)])!.GetMethod!);
        }

        /// <summary>Operands, the opcode, and its result as a long.</summary>
        public void WritePlain(OpCode opCode, object[] operands, bool constant, object result)
        {
            foreach (object operand in operands) Push(operand, constant);
            if (opCode.FlowControl == FlowControl.Cond_Branch)
            {
                Label taken = il.DefineLabel(), end = il.DefineLabel();
                il.Emit(opCode, taken);
                il.Emit(OpCodes.Ldc_I4_0);
                il.Emit(OpCodes.Br, end);
                il.MarkLabel(taken);
                il.Emit(OpCodes.Ldc_I4_1);
                il.MarkLabel(end);
            }
            else
            {
                il.Emit(opCode);
                if (opCode == OpCodes.Dup) il.Emit(OpCodes.Pop);
            }
            ResultBits(result);
        }

        /// <summary>Turns a result of the given value's type into a long of the same bits.</summary>
        public void ResultBits(object result)
        {
            if (result is float) il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod("SingleToInt32Bits")!);
            if (result is double) il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod("DoubleToInt64Bits")!);
            if (result is int or float) il.Emit(OpCodes.Conv_I8);
        }

        /// <summary>Stores something in L[1], and returns all of L[1].</summary>
        public void StoreInL(Action store)
        {
            Element("L", 1);
            store();
            Element("L", 1);
            il.Emit(OpCodes.Ldind_I8);
        }

        /// <summary>The opcode with some operand, on a stack of zeros.</summary>
        public void WriteAlone(OpCode opCode)
        {
            for (int i = 0; i < 3; i++) il.Emit(OpCodes.Ldc_I4_0);
            switch (opCode.OperandType)
            {
                case OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget:
                    Label next = il.DefineLabel();
                    il.Emit(opCode, next);
                    il.MarkLabel(next);
                    break;
                case OperandType.InlineField: il.Emit(opCode, typeof(CompilerOpcodeTests).GetField(nameof(Eleven))!); break;
                case OperandType.InlineMethod: il.Emit(opCode, typeof(Math).GetMethod("Max", [typeof(int), typeof(int)])!); break;
                case OperandType.InlineSig: il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(int), [], null); break;
                case OperandType.InlineTok or OperandType.InlineType: il.Emit(opCode, typeof(int)); break;
                default: il.Emit(opCode); break;
            }
            il.Emit(OpCodes.Ldc_I8, 0L);
        }

        private void Push(object operand, bool constant)
        {
            switch (operand)
            {
                case int i when constant: il.Emit(OpCodes.Ldc_I4, i); return;
                case long l when constant: il.Emit(OpCodes.Ldc_I8, l); return;
                case float f when constant: il.Emit(OpCodes.Ldc_R4, f); return;
                case double d when constant: il.Emit(OpCodes.Ldc_R8, d); return;
            }
            Operands.Add(operand);
            (string view, OpCode load) = operand switch
            {
                int => ("I", OpCodes.Ldind_I4),
                long => ("L", OpCodes.Ldind_I8),
                float => ("F", OpCodes.Ldind_R4),
                _ => ("D", OpCodes.Ldind_R8),
            };
            Element(view, FirstOperand + Operands.Count - 1);
            il.Emit(load);
        }
    }

    // What the method last compiled takes from memory.
    private readonly List<object> operands = [];

    private CompiledKernel Compile(Action<Body> write)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Opcodes"), typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule("Opcodes").DefineType("Opcodes", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        const MethodAttributes PublicStatic = MethodAttributes.Public | MethodAttributes.Static;
        MethodBuilder method = type.DefineMethod("Of", PublicStatic, typeof(long), [typeof(Args), typeof(int), typeof(int), typeof(int)]);
        ILGenerator il = method.GetILGenerator();
        for (int i = 0; i < 5; i++) il.DeclareLocal(typeof(int));
        il.DeclareLocal(typeof(Point));
        Body body = new(il);
        write(body);
        il.Emit(OpCodes.Ret);
        operands.Clear();
        operands.AddRange(body.Operands);

        // Y[0] = Of(a, I[1], I[2], I[3])
        MethodBuilder kernel = type.DefineMethod("Kernel", PublicStatic, typeof(void), [typeof(Args)]);
        Body outer = new(kernel.GetILGenerator());
        outer.Element("Y", 0);
        outer.Il.Emit(OpCodes.Ldarg_0);
        for (int i = 1; i <= 3; i++)
        {
            outer.Element("I", i);
            outer.Il.Emit(OpCodes.Ldind_I4);
        }
        outer.Il.Emit(OpCodes.Call, method);
        outer.Il.Emit(OpCodes.Stind_I8);
        outer.Il.Emit(OpCodes.Ret);
        type.CreateType();

        using var stream = new MemoryStream();
        assembly.Save(stream);
        stream.Position = 0;
        Type loaded = new System.Runtime.Loader.AssemblyLoadContext("Opcodes").LoadFromStream(stream).GetType("Opcodes")!;
        return KernelCompiler.Compile(loaded.GetMethod("Kernel")!, 32);
    }

    private long Run(CompiledKernel kernel)
    {
        const int Length = 16;
        SimulatedMemory memory = new();
        long[] y = new long[1], l = new long[Length];
        int[] i = new int[Length];
        float[] f = new float[Length];
        double[] d = new double[Length];
        (l[0], l[1], f[0], d[0]) = (unchecked((long)0x8182838485868788), -1, 1.5f, -2.5);
        for (int n = 1; n <= 3; n++) i[n] = 10 * n;
        for (int n = 0; n < operands.Count; n++)
            _ = operands[n] switch
            {
                int value => i[Body.FirstOperand + n] = value,
                long value => l[Body.FirstOperand + n] = value,
                float value => f[Body.FirstOperand + n] = value,
                object value => d[Body.FirstOperand + n] = (double)value,
            };
        Args args = new()
        {
            Y = CompilerRun.View(memory, y, "Y", out ulong result),
            L = CompilerRun.View(memory, l, "L", out _),
            I = CompilerRun.View(memory, i, "I", out _),
            F = CompilerRun.View(memory, f, "F", out _),
            D = CompilerRun.View(memory, d, "D", out _),
            N = 5,
        };
        // One thread: some of the methods write what the next would read.
        CompilerRun.Launch(kernel, memory, args, 1, 1);
        memory.Read<long>(result, y);
        return y[0];
    }
}
