using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using ILGPU;

namespace SmilesBert.Tests.Kernels;

/// <summary>
/// Writes a random method in IL, `long Of(int, int, float)`: locals of four types, arithmetic and conversions, branches that leave values on the
/// stack, loops with break, switches, references to locals. Beside it a kernel that calls it on every element of three views. Both land in an assembly of
/// their own, so that the host can run the method and the compiler can read its IL.
/// </summary>
internal sealed class RandomMethod
{
    private const int LocalsOfAType = 3, MaxDepth = 3;

    private static readonly Type[] Types = [typeof(int), typeof(uint), typeof(long), typeof(float)];

    private readonly Random random;
    private readonly ILGenerator il;
    private readonly Dictionary<Type, LocalBuilder[]> locals = [];
    private readonly MethodBuilder helper;

    private RandomMethod(int seed, MethodBuilder method, MethodBuilder helper)
    {
        random = new Random(seed);
        il = method.GetILGenerator();
        this.helper = helper;
        foreach (Type type in Types) locals.Add(type, [.. Enumerable.Range(0, LocalsOfAType).Select(_ => il.DeclareLocal(type))]);
    }

    public struct Args
    {
        public ArrayView<long> Y;
        public ArrayView<int> A, B;
        public ArrayView<float> C;
    }

    /// <summary>The type that holds Of and Kernel; the same for the same seed.</summary>
    public static Type Build(int seed)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName($"Random{seed}"), typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule("Random").DefineType("RandomMethods", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        const MethodAttributes PublicStatic = MethodAttributes.Public | MethodAttributes.Static;

        MethodBuilder helper = type.DefineMethod("Step", PublicStatic, typeof(int), [typeof(int).MakeByRefType(), typeof(int)]);
        WriteHelper(helper.GetILGenerator());
        MethodBuilder method = type.DefineMethod("Of", PublicStatic, typeof(long), [typeof(int), typeof(int), typeof(float)]);
        new RandomMethod(seed, method, helper).WriteBody();
        MethodBuilder kernel = type.DefineMethod("Kernel", PublicStatic, typeof(void), [typeof(Args)]);
        WriteKernel(kernel.GetILGenerator(), method);
        type.CreateType();

        using var stream = new MemoryStream();
        assembly.Save(stream);
        stream.Position = 0;
        return new AssemblyLoadContext($"Random{seed}").LoadFromStream(stream).GetType("RandomMethods")!;
    }

    // int Step(ref int x, int y) { if (x > y) { x -= y; return y; } x ^= y; return x; }
    private static void WriteHelper(ILGenerator il)
    {
        Label otherwise = il.DefineLabel();
        Emit(OpCodes.Ldarg_0, OpCodes.Ldind_I4, OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ble, otherwise);
        Emit(OpCodes.Ldarg_0, OpCodes.Ldarg_0, OpCodes.Ldind_I4, OpCodes.Ldarg_1, OpCodes.Sub, OpCodes.Stind_I4, OpCodes.Ldarg_1, OpCodes.Ret);
        il.MarkLabel(otherwise);
        Emit(OpCodes.Ldarg_0, OpCodes.Ldarg_0, OpCodes.Ldind_I4, OpCodes.Ldarg_1, OpCodes.Xor, OpCodes.Stind_I4, OpCodes.Ldarg_0, OpCodes.Ldind_I4, OpCodes.Ret);

        void Emit(params ReadOnlySpan<OpCode> opCodes)
        {
            foreach (OpCode opCode in opCodes) il.Emit(opCode);
        }
    }

    // Y[i] = Of(A[i], B[i], C[i]), i = Grid.GlobalIndex.X
    private static void WriteKernel(ILGenerator il, MethodInfo method)
    {
        LocalBuilder index = il.DeclareLocal(typeof(Index3D)), i = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Call, typeof(Grid).GetProperty("GlobalIndex")!.GetMethod!);
        il.Emit(OpCodes.Stloc, index);
        il.Emit(OpCodes.Ldloca, index);
        il.Emit(OpCodes.Call, typeof(Index3D).GetProperty("X")!.GetMethod!);
        il.Emit(OpCodes.Stloc, i);
        Reference("Y", typeof(ArrayView<long>));
        Reference("A", typeof(ArrayView<int>));
        il.Emit(OpCodes.Ldind_I4);
        Reference("B", typeof(ArrayView<int>));
        il.Emit(OpCodes.Ldind_I4);
        Reference("C", typeof(ArrayView<float>));
        il.Emit(OpCodes.Ldind_R4);
        il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Stind_I8);
        il.Emit(OpCodes.Ret);

        void Reference(string field, Type view)
        {
            il.Emit(OpCodes.Ldarga_S, (byte)0);
            il.Emit(OpCodes.Ldflda, typeof(Args).GetField(field)!);
            il.Emit(OpCodes.Ldloc, i);
            il.Emit(OpCodes.Call, view.GetProperty("Item", [typeof(int)])!.GetMethod!);
        }
    }

    // ---- Statements ------------------------------------------------------------------------------------------------

    private void WriteBody()
    {
        WriteStatements(MaxDepth, null);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I8);
        foreach (LocalBuilder local in locals.Values.SelectMany(group => group))
        {
            il.Emit(OpCodes.Ldc_I8, 31L);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Ldloc, local);
            if (local.LocalType == typeof(float)) WriteBits(local);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Xor);
        }
        il.Emit(OpCodes.Ret);
    }

    // A NaN's bits differ between machines: 0 stands for it. The float is on the stack.
    private void WriteBits(LocalBuilder local)
    {
        il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod("SingleToInt32Bits")!);
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ceq);
        il.Emit(OpCodes.Mul);
    }

    private void WriteStatements(int depth, Label? exit)
    {
        int count = random.Next(2, 6);
        for (int i = 0; i < count; i++) WriteStatement(depth, exit);
    }

    private void WriteStatement(int depth, Label? exit)
    {
        switch (depth > 0 ? random.Next(10) : random.Next(4))
        {
            case 4 or 5: WriteIf(depth - 1, exit); break;
            case 6 or 7: WriteLoop(depth - 1); break;
            case 8: WriteSwitch(depth - 1, exit); break;
            case 9 when exit is { } target:                     // if (condition) break;
                WriteCondition();
                il.Emit(OpCodes.Brtrue, target);
                break;
            case 3:                                             // i = Step(ref j, k)
                il.Emit(OpCodes.Ldloca, Pick(typeof(int)));
                WriteExpression(typeof(int), 1);
                il.Emit(OpCodes.Call, helper);
                il.Emit(OpCodes.Stloc, Pick(typeof(int)));
                break;
            default:
                Type type = Types[random.Next(Types.Length)];
                WriteExpression(type, 3);
                il.Emit(OpCodes.Stloc, Pick(type));
                break;
        }
    }

    private LocalBuilder Pick(Type type) => locals[type][random.Next(LocalsOfAType)];

    private void WriteIf(int depth, Label? exit)
    {
        Label otherwise = il.DefineLabel(), end = il.DefineLabel();
        WriteBranch(otherwise);
        WriteStatements(depth, exit);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(otherwise);
        if (random.Next(2) == 0) WriteStatements(depth, exit);
        il.MarkLabel(end);
    }

    // As C# writes it: for (int k = 0; k < bound; k++), the test last; bounds known and not.
    private void WriteLoop(int depth)
    {
        LocalBuilder counter = il.DeclareLocal(typeof(int)), bound = il.DeclareLocal(typeof(int));
        Label body = il.DefineLabel(), test = il.DefineLabel(), end = il.DefineLabel();
        bool isKnown = random.Next(2) == 0;
        int trips = random.Next(1, 7);
        if (!isKnown)
        {
            WriteExpression(typeof(int), 1);
            il.Emit(OpCodes.Ldc_I4_7);
            il.Emit(OpCodes.And);
            il.Emit(OpCodes.Stloc, bound);
        }
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Stloc, counter);
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(body);
        WriteStatements(depth, end);
        il.Emit(OpCodes.Ldloc, counter);
        il.Emit(OpCodes.Ldloc, locals[typeof(int)][0]);
        il.Emit(OpCodes.Xor);
        il.Emit(OpCodes.Stloc, locals[typeof(int)][0]);
        il.Emit(OpCodes.Ldloc, counter);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, counter);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, counter);
        if (isKnown) il.Emit(OpCodes.Ldc_I4, trips);
        else il.Emit(OpCodes.Ldloc, bound);
        il.Emit(OpCodes.Blt, body);
        il.MarkLabel(end);
    }

    private void WriteSwitch(int depth, Label? exit)
    {
        Label[] cases = [il.DefineLabel(), il.DefineLabel(), il.DefineLabel()];
        Label end = il.DefineLabel();
        WriteExpression(typeof(int), 1);
        il.Emit(OpCodes.Ldc_I4_3);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Switch, cases);
        WriteStatements(depth, exit);
        il.Emit(OpCodes.Br, end);
        foreach (Label one in cases)
        {
            il.MarkLabel(one);
            WriteStatement(depth, exit);
            if (random.Next(3) > 0) il.Emit(OpCodes.Br, end);           // or fall into the next
        }
        il.MarkLabel(end);
    }

    // ---- Conditions ------------------------------------------------------------------------------------------------

    private void WriteBranch(Label target)
    {
        OpCode[] branches = [OpCodes.Beq, OpCodes.Bne_Un, OpCodes.Blt, OpCodes.Ble, OpCodes.Bgt, OpCodes.Bge, OpCodes.Blt_Un, OpCodes.Ble_Un, OpCodes.Bgt_Un, OpCodes.Bge_Un];
        Type type = Types[random.Next(Types.Length)];
        WriteExpression(type, 2);
        WriteExpression(type, 1);
        il.Emit(branches[random.Next(branches.Length)], target);
    }

    // Leaves 0 or 1 on the stack.
    private void WriteCondition()
    {
        OpCode[] comparisons = [OpCodes.Ceq, OpCodes.Clt, OpCodes.Clt_Un, OpCodes.Cgt, OpCodes.Cgt_Un];
        Type type = Types[random.Next(Types.Length)];
        WriteExpression(type, 1);
        WriteExpression(type, 1);
        il.Emit(comparisons[random.Next(comparisons.Length)]);
        if (random.Next(3) > 0) return;
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }

    // ---- Expressions -----------------------------------------------------------------------------------------------

    private void WriteExpression(Type type, int depth)
    {
        switch (depth > 0 ? random.Next(10) : random.Next(3))
        {
            case 0: WriteConstant(type); break;
            case 1 or 2: WriteVariable(type); break;
            case 3: WriteConversion(type, depth - 1); break;
            case 4: WriteChoice(type, depth - 1); break;
            case 5 when type == typeof(int): WriteCondition(); break;
            case 6 when type != typeof(float): WriteShift(type, depth - 1); break;
            case 7 when type != typeof(float): WriteDivision(type, depth - 1); break;
            default: WriteBinary(type, depth - 1); break;
        }
    }

    private void WriteConstant(Type type)
    {
        int number = random.Next(4) == 0 ? random.Next() : random.Next(-9, 33);
        if (type == typeof(long)) il.Emit(OpCodes.Ldc_I8, (long)number << (random.Next(3) * 16));
        else if (type == typeof(float)) il.Emit(OpCodes.Ldc_R4, number / 4f);
        else il.Emit(OpCodes.Ldc_I4, number);
    }

    private void WriteVariable(Type type)
    {
        int choice = random.Next(LocalsOfAType + 2);
        if (choice < LocalsOfAType || type == typeof(long)) il.Emit(OpCodes.Ldloc, Pick(type));
        else if (type == typeof(float)) il.Emit(OpCodes.Ldarg_2);
        else il.Emit(choice == LocalsOfAType ? OpCodes.Ldarg_0 : OpCodes.Ldarg_1);
    }

    private void WriteBinary(Type type, int depth)
    {
        OpCode[] operations = type == typeof(float) ? [OpCodes.Add, OpCodes.Sub, OpCodes.Mul, OpCodes.Div] : [OpCodes.Add, OpCodes.Sub, OpCodes.Mul, OpCodes.And, OpCodes.Or, OpCodes.Xor];
        WriteExpression(type, depth);
        WriteExpression(type, depth);
        il.Emit(operations[random.Next(operations.Length)]);
        if (random.Next(6) == 0) il.Emit(type == typeof(float) || random.Next(2) == 0 ? OpCodes.Neg : OpCodes.Not);
    }

    private void WriteShift(Type type, int depth)
    {
        WriteExpression(type, depth);
        WriteExpression(typeof(int), depth);
        il.Emit(OpCodes.Ldc_I4, type == typeof(long) ? 63 : 31);
        il.Emit(OpCodes.And);
        il.Emit(random.Next(3) switch { 0 => OpCodes.Shl, 1 => OpCodes.Shr, _ => OpCodes.Shr_Un });
    }

    // The divisor is at least 1.
    private void WriteDivision(Type type, int depth)
    {
        WriteExpression(type, depth);
        if (random.Next(2) == 0)
        {
            il.Emit(OpCodes.Ldc_I4, random.Next(3) == 0 ? 8 : random.Next(1, 40));
        }
        else
        {
            WriteExpression(typeof(int), depth);
            il.Emit(OpCodes.Ldc_I4, 1023);
            il.Emit(OpCodes.And);
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Add);
        }
        if (type == typeof(long)) il.Emit(OpCodes.Conv_I8);
        bool unsigned = type == typeof(uint);
        il.Emit(random.Next(2) == 0 ? (unsigned ? OpCodes.Div_Un : OpCodes.Div) : unsigned ? OpCodes.Rem_Un : OpCodes.Rem);
    }

    private void WriteConversion(Type type, int depth)
    {
        Type from = Types[random.Next(Types.Length)];
        if (from == typeof(float) && type == typeof(long)) from = typeof(int);          // NaN: see CompilerArithmeticTests
        WriteExpression(from, depth);
        if (from == typeof(uint) && type == typeof(float)) il.Emit(OpCodes.Conv_R_Un);
        if (type == typeof(float)) il.Emit(OpCodes.Conv_R4);
        else if (type == typeof(long)) il.Emit(from == typeof(uint) ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
        else il.Emit(from == typeof(float) ? (type == typeof(int) ? OpCodes.Conv_I4 : OpCodes.Conv_U4) : Narrow());

        OpCode Narrow() => random.Next(6) switch { 0 => OpCodes.Conv_I1, 1 => OpCodes.Conv_U1, 2 => OpCodes.Conv_I2, 3 => OpCodes.Conv_U2, 4 => OpCodes.Conv_U4, _ => OpCodes.Conv_I4 };
    }

    // condition ? x : y, on top of what the stack holds already.
    private void WriteChoice(Type type, int depth)
    {
        Label otherwise = il.DefineLabel(), end = il.DefineLabel();
        WriteBranch(otherwise);
        WriteExpression(type, depth);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(otherwise);
        WriteExpression(type, depth);
        il.MarkLabel(end);
    }
}
