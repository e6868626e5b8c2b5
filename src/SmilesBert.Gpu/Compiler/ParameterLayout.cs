using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// How a kernel's argument lies in its one parameter: fields in declared order, nested structs taken apart, each scalar at its natural
/// alignment. A view is its device address and its length in elements, 8 bytes each.
/// </summary>
public sealed class ParameterLayout
{
    private readonly Type type;
    private readonly List<Leaf> leaves = [];
    private Delegate? writer;

    internal ParameterLayout(Type type)
    {
        this.type = type;
        TypeShape shape = TypeShape.Of(type);
        Refusal = shape.Refusal;
        int at = 0;
        foreach (Leaf leaf in shape.Leaves)
        {
            int bytes = leaf.Scalar.Bytes;
            at = (at + bytes - 1) / bytes * bytes;
            leaves.Add(leaf with { Offset = at });
            at += bytes;
        }
        Size = (at + 7) / 8 * 8;
    }

    private delegate void Writer<TArgs>(in TArgs args, ref byte destination);

    /// <summary>Bytes, a multiple of 8.</summary>
    public int Size { get; }

    internal IReadOnlyList<Leaf> Leaves => leaves;

    /// <summary>Why the argument cannot be passed; null where it can.</summary>
    internal string? Refusal { get; }

    /// <summary>Writes an argument as the kernel reads it. The first call builds the writer, later ones allocate nothing.</summary>
    /// <exception cref="ArgumentException">The argument is not of the kernel's type, or the destination is too short.</exception>
    public void Write<TArgs>(in TArgs args, Span<byte> destination) where TArgs : struct
    {
        if (typeof(TArgs) != type) throw new ArgumentException($"the kernel takes {type}, not {typeof(TArgs)}", nameof(args));
        if (destination.Length < Size) throw new ArgumentException($"the kernel's argument takes {Size} bytes, not {destination.Length}", nameof(destination));
        var write = (Writer<TArgs>)(writer ??= BuildWriter<TArgs>());
        write(args, ref MemoryMarshal.GetReference(destination));
    }

    private Writer<TArgs> BuildWriter<TArgs>()
    {
        var method = new DynamicMethod("Write", typeof(void), [type.MakeByRefType(), typeof(byte).MakeByRefType()], typeof(ParameterLayout).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        int leaf = 0;
        WriteFields(il, type, [], ref leaf);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Writer<TArgs>>();
    }

    private void WriteFields(ILGenerator il, Type fieldType, FieldInfo[] path, ref int leaf)
    {
        if (DeviceTypes.IsView(fieldType))
        {
            WriteLeaf(il, path, leaf++, ViewParts.Of(fieldType, nameof(ViewParts.Address)));
            WriteLeaf(il, path, leaf++, ViewParts.Of(fieldType, nameof(ViewParts.Length)));
        }
        else if (Scalar.Of(fieldType) is not null)
        {
            WriteLeaf(il, path, leaf++, null);
        }
        else
        {
            foreach (FieldInfo field in TypeShape.Fields(fieldType)) WriteFields(il, field.FieldType, [.. path, field], ref leaf);
        }
    }

    // destination[offset] = args.field.field, or a part of that view
    private void WriteLeaf(ILGenerator il, FieldInfo[] path, int leaf, MethodInfo? part)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, leaves[leaf].Offset);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldarg_0);
        foreach (FieldInfo field in path) il.Emit(OpCodes.Ldflda, field);
        Scalar scalar = leaves[leaf].Scalar;
        if (part is not null) il.Emit(OpCodes.Call, part);
        else il.Emit(Load(scalar));
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(Store(scalar));
    }

    private static OpCode Load(Scalar scalar) => scalar.Suffix switch
    {
        "f32" => OpCodes.Ldind_R4,
        "f64" => OpCodes.Ldind_R8,
        _ => scalar.Bytes switch { 1 => OpCodes.Ldind_I1, 2 => OpCodes.Ldind_I2, 4 => OpCodes.Ldind_I4, _ => OpCodes.Ldind_I8 },
    };

    private static OpCode Store(Scalar scalar) => scalar.Suffix switch
    {
        "f32" => OpCodes.Stind_R4,
        "f64" => OpCodes.Stind_R8,
        _ => scalar.Bytes switch { 1 => OpCodes.Stind_I1, 2 => OpCodes.Stind_I2, 4 => OpCodes.Stind_I4, _ => OpCodes.Stind_I8 },
    };
}
