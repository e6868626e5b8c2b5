using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

// References, fields and memory. A reference is a place among the variables, or an address.
internal sealed partial class Translator
{
    private void TranslateMemory(IlInstruction instruction)
    {
        switch (instruction.Family)
        {
            case "ldfld": LoadField(frame.Il.ResolveField(instruction)); break;
            case "ldflda": stack.Push(FieldReference(stack.Pop(), frame.Il.ResolveField(instruction))); break;
            case "stfld":
                FieldInfo field = frame.Il.ResolveField(instruction);
                Operand stored = stack.Pop();
                Store(FieldReference(stack.Pop(), field), field.FieldType, stored);
                break;
            case "ldsfld": LoadStaticField(frame.Il.ResolveField(instruction)); break;
            case "ldind": stack.Push(new Operand(LoadFrom(stack.Pop(), IndirectType(instruction.Name)))); break;
            case "stind":
                Operand value = stack.Pop();
                Store(stack.Pop(), IndirectType(instruction.Name), value);
                break;
            case "ldobj": stack.Push(new Operand(LoadFrom(stack.Pop(), frame.Il.ResolveType(instruction)))); break;
            case "stobj":
                Operand whole = stack.Pop();
                Store(stack.Pop(), frame.Il.ResolveType(instruction), whole);
                break;
            case "cpobj":
                Operand source = stack.Pop();
                Store(stack.Pop(), frame.Il.ResolveType(instruction), new Operand(LoadFrom(source, frame.Il.ResolveType(instruction))));
                break;
            case "initobj":
                Type type = frame.Il.ResolveType(instruction);
                Store(stack.Pop(), type, Zero(type));
                break;
            default: Push(Constant.Of(Shape(frame.Il.ResolveType(instruction)).Size)); break;                 // sizeof
        }
    }

    public TypeShape Shape(Type type)
    {
        TypeShape shape = TypeShape.Of(type);
        return shape.Refusal is null ? shape : throw Refuse(shape.Refusal);
    }

    private Operand Zero(Type type) => new([.. Shape(type).Leaves.Select(leaf => Constant.Zero(leaf.Scalar.Kind))]);

    private Type IndirectType(string name) => name[6..] switch
    {
        "i1" => typeof(sbyte),
        "u1" => typeof(byte),
        "i2" => typeof(short),
        "u2" => typeof(ushort),
        "i4" or "u4" => typeof(int),
        "i8" or "i" => typeof(long),
        "r4" => typeof(float),
        "r8" => typeof(double),
        _ => throw Refuse($"{name} has no translation: kernels have no objects"),
    };

    // ---- Fields ----------------------------------------------------------------------------------------------------

    private void LoadField(FieldInfo field)
    {
        Operand owner = stack.Pop();
        if (owner.IsReference)
        {
            stack.Push(new Operand(LoadFrom(FieldReference(owner, field), field.FieldType)));
            return;
        }
        (int first, _) = Shape(field.DeclaringType!).Field(field);
        stack.Push(new Operand(owner.Leaves[first..(first + Shape(field.FieldType).Leaves.Length)]));
    }

    private Operand FieldReference(Operand owner, FieldInfo field)
    {
        if (!field.DeclaringType!.IsValueType) throw Refuse($"{field.DeclaringType.Name}.{field.Name} is a field of a class, and kernels have no objects");
        (int first, int bytes) = Shape(field.DeclaringType).Field(field);
        if (owner.Scalar is Place place) return ReferenceTo(place.Variables.Slice(first, Shape(field.FieldType).Leaves.Length));
        return new Operand([AddOffset(owner.Scalar, bytes)], IsReference: true);
    }

    // Static readonly numbers are constants by the time a kernel is compiled.
    private void LoadStaticField(FieldInfo field)
    {
        if (!field.IsInitOnly) throw Refuse($"{field.DeclaringType?.Name}.{field.Name} is a static field that may change: make it const or readonly");
        if (Scalar.Of(field.FieldType) is null) throw Refuse($"{field.DeclaringType?.Name}.{field.Name} is no number");
        object value = field.GetValue(null)!;
        if (value is Enum) value = Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), null);
        Push(value switch
        {
            float f => Constant.Of(f),
            double d => Constant.Of(d),
            bool b => Constant.Of(b),
            long l => Constant.Of(l),
            ulong u => Constant.Of((long)u),
            uint u => Constant.Of((int)u),
            char c => Constant.Of((int)c),
            _ => Constant.Of(Convert.ToInt32(value, null)),
        });
    }

    // ---- Memory ----------------------------------------------------------------------------------------------------

    /// <summary>The value that a reference leads to.</summary>
    public Value[] LoadFrom(Operand reference, Type type)
    {
        TypeShape shape = Shape(type);
        if (reference.Scalar is Place place)
        {
            if (place.Variables.Count != shape.Leaves.Length) throw Refuse($"a {type.Name} is read where something of another shape stands");
            return [.. place.Variables.Select((variable, i) => Narrow(Coerce(graph.Read(variable), shape.Leaves[i].Scalar.Kind), variable.Scalar, shape.Leaves[i].Scalar))];
        }
        Value address = Address(reference);
        if (shape.VectorLength > 0) return LoadVector(address, shape);
        return [.. shape.Leaves.Select(leaf => LoadScalar(address, leaf))];
    }

    /// <summary>Stores a value where a reference leads.</summary>
    public void Store(Operand reference, Type type, Operand value)
    {
        if (reference.Scalar is Place place)
        {
            Assign(place.Variables, value);
            return;
        }
        TypeShape shape = Shape(type);
        Value address = Address(reference);
        Value[] leaves = [.. shape.Leaves.Select((leaf, i) => Coerce(value.Leaves[i].Current, leaf.Scalar.Kind == ValueKind.Predicate ? ValueKind.Int32 : leaf.Scalar.Kind))];
        if (shape.VectorLength > 0)
        {
            graph.Add(new MemoryInstruction($"st.?.v{leaves.Length}.{shape.Leaves[0].Scalar.Suffix}", ValueKind.None, Effect.Write, [address, .. leaves]));
            return;
        }
        for (int i = 0; i < leaves.Length; i++)
            graph.Add(new MemoryInstruction($"st.?.{Unsigned(shape.Leaves[i].Scalar)}", ValueKind.None, Effect.Write, address, leaves[i]) { Offset = shape.Leaves[i].Offset });
    }

    public Value AddOffset(Value address, long bytes) => bytes == 0 ? address : graph.Pure("add.s64", ValueKind.Int64, address, Constant.Of(bytes));

    private Value Address(Operand reference) =>
        reference.Scalar is { Kind: ValueKind.Int64 } address ? address : throw Refuse("a reference was expected where something else stands");

    // Unsafe.As may read a variable as a narrower number than it holds.
    private Value Narrow(Value value, Scalar held, Scalar read) => held.Bytes <= read.Bytes ? value : ConvertTo(value, (read.Suffix[0] == 's' ? "i" : "u") + read.Bytes);

    private Value LoadScalar(Value address, Leaf leaf)
    {
        ValueKind kind = leaf.Scalar.Kind == ValueKind.Predicate ? ValueKind.Int32 : leaf.Scalar.Kind;
        var load = new MemoryInstruction($"ld.?.{leaf.Scalar.Suffix}", kind, Effect.Read, address) { Offset = leaf.Offset };
        return Coerce(graph.Add(load), leaf.Scalar.Kind);
    }

    private Value[] LoadVector(Value address, TypeShape shape)
    {
        Scalar scalar = shape.Leaves[0].Scalar;
        var load = new MemoryInstruction($"ld.?.v{shape.VectorLength}.{scalar.Suffix}", ValueKind.Vector, Effect.Read, address);
        graph.Add(load);
        load.Elements = [.. shape.Leaves.Select(_ => new Element(scalar.Kind, load))];
        return load.Elements;
    }

    private static string Unsigned(Scalar scalar) => scalar.Suffix.Replace('s', 'u');
}
