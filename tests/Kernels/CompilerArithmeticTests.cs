using System.Numerics;
using System.Runtime.CompilerServices;
using static SmilesBert.Tests.Kernels.CompilerRun;

namespace SmilesBert.Tests.Kernels;

/// <summary>Arithmetic, one function for each group of opcodes: the compiled kernel, simulated, gives what C# gives, at the edges too.</summary>
public sealed class CompilerArithmeticTests
{
    // ---- int -------------------------------------------------------------------------------------------------------

    private struct IntSum : IFunction<int, int> { public static int Of(int a, int b) => a + b - (a * b) + -a; }
    private struct IntQuotient : IFunction<int, int> { public static int Of(int a, int b) => b is 0 or -1 ? 0 : a / b; }
    private struct IntRemainder : IFunction<int, int> { public static int Of(int a, int b) => b is 0 or -1 ? 0 : a % b; }
    private struct IntByPowers : IFunction<int, int> { public static int Of(int a, int b) => (a / 8) + (a % 8) + (b / -4) + (b % 16) + (a / 3) + (b % 10); }
    private struct IntBits : IFunction<int, int> { public static int Of(int a, int b) => (a & b) ^ (a | 0x55) ^ ~b; }
    private struct IntShifts : IFunction<int, int> { public static int Of(int a, int b) => (a << b) ^ (a >> b) ^ (a >>> b) ^ (b << 3) ^ (b >> 31); }
    private struct IntNarrow : IFunction<int, int> { public static int Of(int a, int b) => (sbyte)a + (byte)b + (short)(a + b) + (ushort)(a - b); }

    [Fact]
    public void Int_ComputesAsCSharp()
    {
        int[] inputs = Integers<int>();
        Check<IntSum, int, int>(inputs);
        Check<IntQuotient, int, int>(inputs);
        Check<IntRemainder, int, int>(inputs);
        Check<IntByPowers, int, int>(inputs);
        Check<IntBits, int, int>(inputs);
        Check<IntShifts, int, int>(inputs);
        Check<IntNarrow, int, int>(inputs);
    }

    // ---- uint, long, ulong -----------------------------------------------------------------------------------------

    private struct UIntArithmetic : IFunction<uint, uint> { public static uint Of(uint a, uint b) => b == 0 ? a : (a / b) + (a % b) + (a * b) + (a >> (int)b) + (a / 16) + (b % 7); }
    private struct LongArithmetic : IFunction<long, long>
    { public static long Of(long a, long b) => b is 0 or -1 ? -a : (a / b) + (a % b) + (a * b) - (a << (int)b) - (a >> (int)a) - ~(a & b); }
    private struct ULongArithmetic : IFunction<ulong, ulong>
    { public static ulong Of(ulong a, ulong b) => b == 0 ? ~a : (a / b) + (a % b) + (a * b) + (a >> (int)b) + (a ^ b) + (a / 1024); }
    private struct Widths : IFunction<int, long> { public static long Of(int a, int b) => a + (long)(uint)b + (byte)a + (long)(short)b; }
    private struct Words : IFunction<ulong, uint> { public static uint Of(ulong a, ulong b) => (uint)a ^ (uint)(b >> 32) ^ (ushort)a; }

    [Fact]
    public void WideAndUnsigned_ComputeAsCSharp()
    {
        Check<UIntArithmetic, uint, uint>(Integers<uint>());
        Check<LongArithmetic, long, long>(Integers<long>());
        Check<ULongArithmetic, ulong, ulong>(Integers<ulong>());
        Check<Widths, int, long>(Integers<int>());
        Check<Words, ulong, uint>(Integers<ulong>());
    }

    private struct WideProduct : IFunction<uint, ulong> { public static ulong Of(uint a, uint b) => ((ulong)a * b) + ((ulong)0xD2511F53u * a) + Math.BigMul(a, b); }
    private struct SignedWideProduct : IFunction<int, long> { public static long Of(int a, int b) => ((long)a * b) + ((long)a * -7); }
    private struct HighWord : IFunction<uint, uint> { public static uint Of(uint a, uint b) => (uint)(((ulong)a * b) >> 32); }

    [Fact]
    public void WideProducts_AreOneInstruction()
    {
        Check<WideProduct, uint, ulong>(Integers<uint>());
        Check<SignedWideProduct, int, long>(Integers<int>());
        Check<HighWord, uint, uint>(Integers<uint>());
    }

    // ---- Comparisons -----------------------------------------------------------------------------------------------

    private struct IntCompare : IFunction<int, int>
    {
        public static int Of(int a, int b)
        {
            bool less = a < b, equal = a == b;
            int bits = (less ? 1 : 0) | (equal ? 2 : 0) | (a <= b ? 4 : 0) | (a > b ? 8 : 0) | (a >= b ? 16 : 0) | (a != b ? 32 : 0);
            if (less && !equal) bits |= 64;
            if (less || equal) bits |= 128;
            if (less ^ equal) bits |= 256;
            if (less != equal) bits |= 512;
            return bits;
        }
    }

    private struct UIntCompare : IFunction<uint, int>
    { public static int Of(uint a, uint b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a != 0 ? 16 : 0); }

    private struct LongCompare : IFunction<long, int>
    { public static int Of(long a, long b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | ((ulong)a > (ulong)b ? 4 : 0) | ((ulong)a >= (ulong)b ? 8 : 0) | (a == b ? 16 : 0); }

    // As values and as branches, plain and negated: IL has an unordered form of each for the negated ones.
    private struct FloatCompare : IFunction<float, int>
    {
        public static int Of(float a, float b)
        {
            int bits = Bit(a < b, 0) | Bit(a <= b, 1) | Bit(a > b, 2) | Bit(a >= b, 3) | Bit(a == b, 4) | Bit(a != b, 5) | Bit(!(a < b), 6) | Bit(!(a >= b), 7);
            if (a < b) bits |= 1 << 8;
            if (a <= b) bits |= 1 << 9;
            if (!(a > b)) bits |= 1 << 10;
            if (!(a >= b)) bits |= 1 << 11;
            if (a == b) bits |= 1 << 12;
            if (!(a == b)) bits |= 1 << 13;
            while (a < b && bits < 1 << 14) bits |= 1 << 14;
            return bits;
        }

        private static int Bit(bool value, int place) => value ? 1 << place : 0;
    }

    [Fact]
    public void Comparisons_HoldAsInCSharp()
    {
        Check<IntCompare, int, int>(Integers<int>());
        Check<UIntCompare, uint, int>(Integers<uint>());
        Check<LongCompare, long, int>(Integers<long>());
        Check<FloatCompare, float, int>(Floats);
    }

    // ---- float, double ---------------------------------------------------------------------------------------------

    private struct FloatArithmetic : IFunction<float, float> { public static float Of(float a, float b) => ((a + b) / (a - b)) + -(a * b); }
    private struct DoubleArithmetic : IFunction<float, double> { public static double Of(float a, float b) => ((a + (double)b) * a) - (b / 3.0); }
    // NaN to a 64-bit integer is the one conversion in which a GPU differs from .NET, and C# leaves it open.
    private struct FloatToInts : IFunction<float, long> { public static long Of(float a, float b) => (int)a ^ (float.IsNaN(b) ? 0L : (long)b) ^ (uint)a; }
    private struct IntsToFloat : IFunction<int, float> { public static float Of(int a, int b) => a + (float)(uint)b + (long)a + (float)(ulong)(uint)b; }
    private struct FloatBits : IFunction<float, int>
    { public static int Of(float a, float b) => BitConverter.SingleToInt32Bits(a) ^ Unsafe.As<float, int>(ref b) ^ (float.IsNaN(a) ? 1 : 0) ^ (float.IsFinite(b) ? 2 : 0) ^ (float.IsInfinity(a) ? 4 : 0); }
    private struct BitsFloat : IFunction<int, float> { public static float Of(int a, int b) => BitConverter.Int32BitsToSingle(a & 0x3FFFFFFF) + BitConverter.UInt32BitsToSingle((uint)b >> 3); }
    private struct Roots : IFunction<float, float> { public static float Of(float a, float b) => MathF.Sqrt(MathF.Abs(a)) + MathF.Floor(b); }
    private struct Largest : IFunction<int, int> { public static int Of(int a, int b) => Math.Max(a, b) - Math.Min(a, 100) + Math.Abs(a / 2); }

    [Fact]
    public void Floats_ComputeAsCSharp()
    {
        Check<FloatArithmetic, float, float>(Floats);
        Check<DoubleArithmetic, float, double>(Floats);
        Check<FloatToInts, float, long>(Floats);
        Check<IntsToFloat, int, float>(Integers<int>());
        Check<FloatBits, float, int>(Floats);
        Check<BitsFloat, int, float>(Integers<int>());
        Check<Roots, float, float>(Floats);
        Check<Largest, int, int>(Integers<int>());
    }

    private struct BitCounts : IFunction<uint, int>
    { public static int Of(uint a, uint b) => BitOperations.PopCount(a) + BitOperations.LeadingZeroCount(b) + BitOperations.TrailingZeroCount(a) + (int)BitOperations.RotateLeft(a, (int)b); }

    private struct Division : IFunction<int, int>
    {
        public static int Of(int a, int b)
        {
            if (b is 0 or -1) return 0;
            (int quotient, int remainder) = Math.DivRem(a, b);
            return quotient ^ remainder;
        }
    }

    [Fact]
    public void LibraryFunctions_ComputeAsCSharp()
    {
        Check<BitCounts, uint, int>(Integers<uint>());
        Check<Division, int, int>(Integers<int>());
    }
}
