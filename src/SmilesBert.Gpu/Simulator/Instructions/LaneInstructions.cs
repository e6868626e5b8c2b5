using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

// Instructions that are seldom enough to run lane by lane through a delegate.

internal sealed unsafe class LaneUnary<TA, TResult>(int destination, int a, Func<TA, TResult> operation) : Instruction
    where TA : unmanaged where TResult : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        uint* d = warp.Registers + destination, ra = warp.Registers + a;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            Lanes.Write(d, lane, operation(Lanes.Read<TA>(ra, lane)));
        }
    }
}

internal sealed unsafe class LaneBinary<TA, TB, TResult>(int destination, int a, int b, Func<TA, TB, TResult> operation) : Instruction
    where TA : unmanaged where TB : unmanaged where TResult : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        uint* d = warp.Registers + destination, ra = warp.Registers + a, rb = warp.Registers + b;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            Lanes.Write(d, lane, operation(Lanes.Read<TA>(ra, lane), Lanes.Read<TB>(rb, lane)));
        }
    }
}

internal sealed unsafe class LaneTernary<TA, TB, TC, TResult>(int destination, int a, int b, int c, Func<TA, TB, TC, TResult> operation) : Instruction
    where TA : unmanaged where TB : unmanaged where TC : unmanaged where TResult : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        uint* d = warp.Registers + destination, ra = warp.Registers + a, rb = warp.Registers + b, rc = warp.Registers + c;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            Lanes.Write(d, lane, operation(Lanes.Read<TA>(ra, lane), Lanes.Read<TB>(rb, lane), Lanes.Read<TC>(rc, lane)));
        }
    }
}

/// <summary>Works on the bits of its source and result, whatever the widths of their registers.</summary>
internal sealed unsafe class LaneBits(int destination, bool isWideResult, int a, bool isWideSource, Func<ulong, ulong> operation) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        uint* d = warp.Registers + destination, ra = warp.Registers + a;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            ulong result = operation(isWideSource ? ((ulong*)ra)[lane] : ra[lane]);
            if (isWideResult) ((ulong*)d)[lane] = result;
            else d[lane] = (uint)result;
        }
    }
}

/// <summary>Copies 64-bit registers to and from their 32-bit halves, and 32-bit ones to and from their 16-bit halves: mov with a tuple.</summary>
internal sealed unsafe class PackInstruction(int[] parts, int whole, int partBytes, bool isPack) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        int wholeBytes = partBytes * parts.Length;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            byte* at = (byte*)(warp.Registers + whole) + lane * wholeBytes;
            ulong value = wholeBytes == 8 ? *(ulong*)at : *(uint*)at, packed = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                uint* part = warp.Registers + parts[i] + lane;
                int shift = i * partBytes * 8;
                if (isPack) packed |= (ulong)(partBytes == 4 ? *part : (ushort)*part) << shift;
                else *part = partBytes == 4 ? (uint)(value >> shift) : (ushort)(value >> shift);
            }
            if (!isPack) continue;
            if (wholeBytes == 8) *(ulong*)at = packed;
            else *(uint*)at = (uint)packed;
        }
    }
}

/// <summary>mul.wide: the whole 64-bit product, as address arithmetic needs it.</summary>
internal sealed unsafe class WideMultiply<T, TWide>(int destination, int a, int b) : Instruction
    where T : unmanaged, INumber<T> where TWide : unmanaged, INumber<TWide>
{
    public override void Execute(WarpState warp, uint mask)
    {
        TWide* d = (TWide*)(warp.Registers + destination);
        T* ra = (T*)(warp.Registers + a), rb = (T*)(warp.Registers + b);
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            if ((mask >> lane & 1) != 0) d[lane] = TWide.CreateTruncating(ra[lane]) * TWide.CreateTruncating(rb[lane]);
        }
    }
}

/// <summary>bfi: the low bits of a inserted into b.</summary>
internal sealed unsafe class BitFieldInsert<T>(int destination, int a, int b, int start, int length) : Instruction
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    public override void Execute(WarpState warp, uint mask)
    {
        int width = sizeof(T) * 8;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            int at = (byte)warp.Registers[start + lane], count = (byte)warp.Registers[length + lane];
            T from = Lanes.Read<T>(warp.Registers + a, lane), into = Lanes.Read<T>(warp.Registers + b, lane);
            T field = count == 0 || at >= width ? T.Zero : (count >= width ? T.AllBitsSet : (T.One << count) - T.One) << at;
            Lanes.Write(warp.Registers + destination, lane, (into & ~field) | ((at >= width ? T.Zero : from << at) & field));
        }
    }
}

/// <summary>cvt from 32 to 64 bits, as address arithmetic needs it.</summary>
internal sealed unsafe class Widen(int destination, int a, bool isSigned) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        ulong* d = (ulong*)(warp.Registers + destination);
        uint* ra = warp.Registers + a;
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            if ((mask >> lane & 1) != 0) d[lane] = isSigned ? (ulong)(int)ra[lane] : ra[lane];
        }
    }
}
