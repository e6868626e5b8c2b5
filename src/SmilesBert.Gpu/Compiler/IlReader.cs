using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace SmilesBert.Gpu.Compiler;

/// <summary>Decodes a method's IL bytes (ECMA-335, partition III).</summary>
internal static class IlReader
{
    private static readonly OpCode[] OneByte = new OpCode[256];
    private static readonly OpCode[] TwoBytes = new OpCode[256];        // behind the prefix 0xFE
    private static readonly Dictionary<short, string> Families = [];

    static IlReader()
    {
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var opCode = (OpCode)field.GetValue(null)!;
            (opCode.Size == 1 ? OneByte : TwoBytes)[(byte)opCode.Value] = opCode;
            Families.Add(opCode.Value, opCode.Name!.Split('.')[0]);
        }
    }

    public static List<IlInstruction> Read(ReadOnlySpan<byte> il)
    {
        var instructions = new List<IlInstruction>();
        for (int at = 0; at < il.Length;)
        {
            IlInstruction instruction = ReadOne(il, at);
            instructions.Add(instruction);
            at = instruction.Next;
        }
        return instructions;
    }

    private static IlInstruction ReadOne(ReadOnlySpan<byte> il, int offset)
    {
        int at = offset;
        OpCode opCode = il[at] == 0xFE ? TwoBytes[il[++at]] : OneByte[il[at]];
        ReadOnlySpan<byte> operand = il[(at + 1)..];
        if (opCode.OperandType == OperandType.InlineSwitch) return ReadSwitch(operand, offset, at + 1, opCode);

        int size = OperandSize(opCode.OperandType);
        int next = at + 1 + size;
        long number = size switch
        {
            1 => (sbyte)operand[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(operand),
            4 => BinaryPrimitives.ReadInt32LittleEndian(operand),
            8 => BinaryPrimitives.ReadInt64LittleEndian(operand),
            _ => 0,
        };
        double real = opCode.OperandType switch
        {
            OperandType.ShortInlineR => BinaryPrimitives.ReadSingleLittleEndian(operand),
            OperandType.InlineR => BinaryPrimitives.ReadDoubleLittleEndian(operand),
            _ => 0,
        };
        if (opCode.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget) number += next;
        if (opCode.OperandType is OperandType.ShortInlineVar) number = (byte)number;
        return new IlInstruction(offset, next, opCode, Families[opCode.Value], number, real, []);
    }

    private static IlInstruction ReadSwitch(ReadOnlySpan<byte> operand, int offset, int operandOffset, OpCode opCode)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(operand);
        int next = operandOffset + 4 + 4 * count;
        int[] targets = new int[count];
        for (int i = 0; i < count; i++) targets[i] = next + BinaryPrimitives.ReadInt32LittleEndian(operand[(4 + 4 * i)..]);
        return new IlInstruction(offset, next, opCode, Families[opCode.Value], count, 0, targets);
    }

    private static int OperandSize(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
