using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmilesBert.Gpu.Compiler;

/// <summary>One scalar of a value, with its place in memory and its name: "X", or "Inner.Count".</summary>
internal readonly record struct Leaf(Scalar Scalar, int Offset, string Name);

/// <summary>A type taken apart into scalars. Structs exist in kernels only as their leaves, each in a register of its own.</summary>
internal sealed class TypeShape
{
    private static readonly ConcurrentDictionary<Type, TypeShape> Known = new();

    private readonly Dictionary<FieldInfo, (int FirstLeaf, int Offset)> fields = [];

    private TypeShape(Type type)
    {
        Type = type;
        var leaves = new List<Leaf>();
        if (Scalar.Of(type) is { } scalar)
        {
            leaves.Add(new Leaf(scalar, 0, ""));
            Size = Alignment = scalar.Bytes;
        }
        else if (DeviceTypes.IsView(type))
        {
            leaves.AddRange([new Leaf(Scalar.Int64, 0, "Address"), new Leaf(Scalar.Int64, 8, "Length")]);
            (Size, Alignment) = (16, 8);
        }
        else if (type.IsValueType && type != typeof(void))
        {
            AddFields(leaves);
        }
        else
        {
            Refusal = $"{type} is not a struct of primitives";
        }
        Leaves = [.. leaves];
    }

    public Type Type { get; }

    public Leaf[] Leaves { get; } = [];

    /// <summary>Bytes in memory.</summary>
    public int Size { get; private set; }

    public int Alignment { get; private set; } = 1;

    /// <summary>Why values of the type cannot exist in a kernel; null where they can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>
    /// Leaves that travel as one access: a struct that says its size (StructLayout's Size), 8 or 16 bytes full of equal scalars. Who declares
    /// such a struct promises that it lies on a multiple of its size. 0 where leaves travel one by one.
    /// </summary>
    public int VectorLength
    {
        get
        {
            if (Leaves.Length is not (2 or 4) || Size is not (8 or 16) || Type.StructLayoutAttribute?.Size != Size) return 0;
            return Leaves.All(leaf => leaf.Scalar == Leaves[0].Scalar) && Leaves.Length * Leaves[0].Scalar.Bytes == Size ? Leaves.Length : 0;
        }
    }

    public static TypeShape Of(Type type) => Known.GetOrAdd(type, static type => new TypeShape(type));

    /// <summary>A struct's fields in the order of their declaration.</summary>
    public static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken);

    /// <summary>A field's first leaf and its bytes from the start.</summary>
    public (int FirstLeaf, int Offset) Field(FieldInfo field) => fields[field];

    // Sequential layout, each field at its natural alignment.
    private void AddFields(List<Leaf> leaves)
    {
        if (Type.IsExplicitLayout) Refusal = $"{Type.Name} has an explicit layout";
        if (Type.IsByRefLike) Refusal = $"{Type.Name} is a ref struct";
        if (Type.GetCustomAttribute<InlineArrayAttribute>() is not null) Refusal = $"{Type.Name} is an inline array";

        int at = 0;
        foreach (FieldInfo field in Fields(Type))
        {
            string name = FieldName(field);
            if (field.GetCustomAttribute<FixedBufferAttribute>() is not null) Refusal = $"{Type.Name}.{name} is a fixed buffer";
            TypeShape shape = Of(field.FieldType);
            Refusal ??= shape.Refusal is null ? null : $"{Type.Name}.{name}: {shape.Refusal}";
            at = (at + shape.Alignment - 1) / shape.Alignment * shape.Alignment;
            fields.Add(field, (leaves.Count, at));
            foreach (Leaf leaf in shape.Leaves)
                leaves.Add(new Leaf(leaf.Scalar, at + leaf.Offset, leaf.Name.Length == 0 ? name : $"{name}.{leaf.Name}"));
            at += shape.Size;
            Alignment = Math.Max(Alignment, shape.Alignment);
        }
        at = Math.Max(1, (at + Alignment - 1) / Alignment * Alignment);
        Size = Math.Max(at, Type.StructLayoutAttribute is { Value: LayoutKind.Sequential } layout ? layout.Size : 0);
    }

    // An automatic property's field is called <Name>k__BackingField, a captured constructor parameter's <name>P.
    private static string FieldName(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;
}
