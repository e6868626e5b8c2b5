using System.Numerics;
using System.Runtime.Intrinsics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>A comparison whose result lanes are all ones or zeros. The others of PTX are these with operands swapped or the result turned round.</summary>
internal interface IVectorTest<T> where T : unmanaged
{
    static abstract Vector256<T> Test(Vector256<T> a, Vector256<T> b);
}

internal readonly struct Equal<T> : IVectorTest<T> where T : unmanaged
{
    public static Vector256<T> Test(Vector256<T> a, Vector256<T> b) => Vector256.Equals(a, b);
}

internal readonly struct Less<T> : IVectorTest<T> where T : unmanaged
{
    public static Vector256<T> Test(Vector256<T> a, Vector256<T> b) => Vector256.LessThan(a, b);
}

internal readonly struct LessOrEqual<T> : IVectorTest<T> where T : unmanaged
{
    public static Vector256<T> Test(Vector256<T> a, Vector256<T> b) => Vector256.LessThanOrEqual(a, b);
}

/// <summary>Less or greater: false with a NaN, which is what .ne means on floats.</summary>
internal readonly struct Different<T> : IVectorTest<T> where T : unmanaged
{
    public static Vector256<T> Test(Vector256<T> a, Vector256<T> b) => Vector256.LessThan(a, b) | Vector256.LessThan(b, a);
}

/// <summary>.num: neither is NaN.</summary>
internal readonly struct Ordered<T> : IVectorTest<T> where T : unmanaged
{
    public static Vector256<T> Test(Vector256<T> a, Vector256<T> b) => Vector256.Equals(a, a) & Vector256.Equals(b, b);
}

/// <summary>How setp joins its comparison with a further predicate.</summary>
internal enum Joining { None, And, Or, Xor }

/// <summary>The places where a comparison's results go and the predicate it is joined with; -1 where there is none.</summary>
internal readonly record struct CompareTarget(int Destination, int Opposite, Joining Joining, int With, bool IsWithNegated)
{
    public unsafe void Write(uint* registers, uint mask, uint result)
    {
        uint opposite = ~result;
        if (Joining != Joining.None)
        {
            uint with = registers[With] ^ (IsWithNegated ? Lanes.All : 0);
            result = Join(result, with);
            opposite = Join(opposite, with);
        }
        registers[Destination] = (registers[Destination] & ~mask) | (result & mask);
        if (Opposite >= 0) registers[Opposite] = (registers[Opposite] & ~mask) | (opposite & mask);
    }

    private uint Join(uint result, uint with) => Joining switch
    {
        Joining.And => result & with,
        Joining.Or => result | with,
        _ => result ^ with,
    };
}

/// <summary>setp on 32- and 64-bit types.</summary>
internal sealed unsafe class CompareInstruction<T, TTest>(CompareTarget target, int a, int b, bool isTurned) : Instruction
    where T : unmanaged where TTest : struct, IVectorTest<T>
{
    public override void Execute(WarpState warp, uint mask)
    {
        T* ra = (T*)(warp.Registers + a), rb = (T*)(warp.Registers + b);
        uint result = 0;
        for (int lane = 0; lane < Lanes.Count; lane += Vector256<T>.Count)
            result |= TTest.Test(Vector256.Load(ra + lane), Vector256.Load(rb + lane)).ExtractMostSignificantBits() << lane;
        target.Write(warp.Registers, mask, isTurned ? ~result : result);
    }
}

/// <summary>setp on 16-bit types.</summary>
internal sealed unsafe class LaneCompare<T>(CompareTarget target, int a, int b, Func<T, T, bool> test) : Instruction where T : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        uint result = 0;
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (test(Lanes.Read<T>(warp.Registers + a, lane), Lanes.Read<T>(warp.Registers + b, lane))) result |= 1u << lane;
        }
        target.Write(warp.Registers, mask, result);
    }
}

/// <summary>A test of one value a lane into a predicate: testp, isspacep.</summary>
internal sealed unsafe class LaneTest<T>(int destination, int a, Func<T, bool> test) : Instruction where T : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        uint result = 0;
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (test(Lanes.Read<T>(warp.Registers + a, lane))) result |= 1u << lane;
        }
        warp.Registers[destination] = (warp.Registers[destination] & ~mask) | result;
    }
}

/// <summary>Logic on predicates: and, or, xor, not, mov on whole masks.</summary>
internal sealed unsafe class PredicateInstruction(int destination, PredicateSource a, PredicateSource b, Func<uint, uint, uint> operation) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        uint result = operation(a.Read(warp.Registers), b.Read(warp.Registers));
        warp.Registers[destination] = (warp.Registers[destination] & ~mask) | (result & mask);
    }
}

/// <summary>A predicate as a source: a register, perhaps negated, or a constant (place -1).</summary>
internal readonly record struct PredicateSource(int Place, bool IsNegated)
{
    public static PredicateSource Constant(bool value) => new(-1, value);

    public unsafe uint Read(uint* registers) => (Place < 0 ? 0 : registers[Place]) ^ (IsNegated ? Lanes.All : 0);
}

/// <summary>set: turns a predicate into all ones (integers) or 1.0 (floats).</summary>
internal sealed unsafe class SetInstruction(Instruction compare, int predicate, int destination, bool isFloat) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        compare.Execute(warp, mask);
        uint result = warp.Registers[predicate], value = isFloat ? BitConverter.SingleToUInt32Bits(1f) : uint.MaxValue;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            warp.Registers[destination + lane] = (result >> lane & 1) != 0 ? value : 0;
        }
    }
}
