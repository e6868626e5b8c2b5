namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Finds out for every load and store which memory it goes to, by following its address to where it came from. Addresses of shared and local memory
/// are then computed in 32 bits, and what is added to an address as a constant moves into the instruction: [%r5+64].
/// </summary>
internal sealed class AddressSpaces
{
    private readonly Dictionary<Value, MemorySpace> spaces = [];
    private readonly Dictionary<Value, Value> truncated = [];
    private readonly Dictionary<Instruction, Instruction> lastPlaced = [];     // behind an instruction

    public static void Resolve(List<Block> blocks)
    {
        var resolver = new AddressSpaces();
        foreach (Block block in blocks)
            foreach (MemoryInstruction access in block.Instructions.OfType<MemoryInstruction>().ToArray()) resolver.Resolve(access);
    }

    private void Resolve(MemoryInstruction access)
    {
        Value address = access.Operands[0].Current;
        // A number that leads to no array of the kernel's own is an address that the host has given.
        MemorySpace space = SpaceOf(address) ?? MemorySpace.Global;
        if (space == MemorySpace.Generic) throw access.Origin.Refuse("the address may lie in different memories, depending on how control came here");
        access.Opcode = access.Opcode.Replace("?", space.ToString().ToLowerInvariant());
        if (space is MemorySpace.Shared or MemorySpace.Local) address = Truncate(address);

        while (address is Instruction { Opcode: "add.s64" or "add.s32" } sum && sum.Operands[1].Current is Constant offset)
        {
            access.Offset += (int)offset.Bits;
            address = sum.Operands[0].Current;
        }
        if (address is Instruction { Opcode: "mov.u32" or "mov.u64" } move && move.Operands[0] is Symbol { Space: not MemorySpace.Generic } array) address = array;
        access.Operands[0] = address;
    }

    // ---- Where an address comes from -------------------------------------------------------------------------------

    private MemorySpace? SpaceOf(Value value)
    {
        value = value.Current;
        switch (value)
        {
            case Symbol symbol:
                return symbol.Space == MemorySpace.Generic ? null : symbol.Space;
            case Instruction { Opcode: "ld.param.u64" }:
                return MemorySpace.Global;
            case Instruction { Opcode: "mov.u64" } move:
                return SpaceOf(move.Operands[0]);
            case Instruction { Opcode: "add.s64" } sum:                     // an address, and then what is added to it
                return SpaceOf(sum.Operands[0]) ?? SpaceOf(sum.Operands[1]);
            case Phi phi:
                if (spaces.TryGetValue(phi, out MemorySpace known)) return known == Unfinished ? null : known;
                spaces[phi] = Unfinished;
                MemorySpace? space = null;
                foreach (Value input in phi.Inputs)
                    if (SpaceOf(input) is { } from) space = space is null || space == from ? from : MemorySpace.Generic;
                if (space is null) spaces.Remove(phi);
                else spaces[phi] = space.Value;
                return space;
            default:
                return null;
        }
    }

    private const MemorySpace Unfinished = (MemorySpace)(-1);

    // ---- 32-bit addresses ------------------------------------------------------------------------------------------

    // The lower half of a 64-bit value. Sums and products of lower halves are the lower halves of sums and products.
    private Value Truncate(Value value)
    {
        value = value.Current;
        if (value is Constant constant) return Constant.Of((int)constant.Bits);
        if (truncated.TryGetValue(value, out Value? known)) return known;
        if (value is Phi phi)
        {
            var half = new Phi(ValueKind.Int32, phi.Block);
            phi.Block.Phis.Add(half);
            truncated.Add(phi, half);
            foreach (Value input in phi.Inputs) half.Inputs.Add(Truncate(input));
            return half;
        }
        Value result = value is Instruction instruction ? Truncate(instruction) : throw new InvalidOperationException($"no lower half of {value.GetType().Name}");
        truncated.Add(value, result);
        return result;
    }

    private Value Truncate(Instruction instruction)
    {
        Value[] operands = instruction.Operands;
        return instruction.Opcode switch
        {
            "add.s64" => Sum(instruction, Truncate(operands[0]), Truncate(operands[1])),
            "mul.wide.u32" or "mul.wide.s32" => Product(instruction, operands[0].Current, operands[1].Current),
            "mul.lo.s64" => Product(instruction, Truncate(operands[0]), Truncate(operands[1])),
            "cvt.u64.u32" or "cvt.s64.s32" => operands[0].Current,
            "mov.u64" => Place(instruction, "mov.u32", operands[0]),
            _ => Place(instruction, "cvt.u32.u64", instruction),
        };
    }

    // Constants are kept outermost, where the load takes them up.
    private Value Sum(Instruction at, Value a, Value b)
    {
        if (b is Instruction { Opcode: "add.s32" } right && right.Operands[1].Current is Constant c)
            return Place(at, "add.s32", Sum(at, a, right.Operands[0].Current), c);
        if (a is Instruction { Opcode: "add.s32" } left && left.Operands[1].Current is Constant d && b is not Constant)
            return Place(at, "add.s32", Sum(at, left.Operands[0].Current, b), d);
        return Place(at, "add.s32", a, b);
    }

    private Value Product(Instruction at, Value a, Value b)
    {
        if (b is Constant factor && a is Instruction { Opcode: "add.s32" } sum && sum.Operands[1].Current is Constant c)
            return Place(at, "add.s32", Product(at, sum.Operands[0].Current, factor), Constant.Of((int)(c.Bits * factor.Bits)));
        return Place(at, "mul.lo.s32", a, b);
    }

    // Computes something right after an instruction.
    private Value Place(Instruction at, string opcode, params Value[] operands)
    {
        Value value = new Instruction(opcode, ValueKind.Int32, Effect.None, operands);
        while (value is Instruction { Block: null } candidate && Fold.Simplify(candidate) is { } simpler) value = simpler;
        if (value is not Instruction { Block: null } added) return value;
        (added.Block, added.Origin) = (at.Block, at.Origin);
        List<Instruction> instructions = at.Block!.Instructions;
        instructions.Insert(instructions.IndexOf(lastPlaced.GetValueOrDefault(at, at)) + 1, added);
        lastPlaced[at] = added;
        return added;
    }
}
