using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>Reading and writing the 32 lanes of a register: 8- and 16-bit values lie low in words of 32 bits; what is above them is undefined.</summary>
internal static unsafe class Lanes
{
    public const int Count = 32;
    public const uint All = uint.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(uint* register, int lane) where T : unmanaged =>
        sizeof(T) == 8 ? ((T*)register)[lane] : *(T*)(register + lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(uint* register, int lane, T value) where T : unmanaged
    {
        if (sizeof(T) == 8) ((T*)register)[lane] = value;
        else *(T*)(register + lane) = value;
    }

    /// <summary>Stores a vector of lanes starting at <paramref name="lane"/>, those in <paramref name="mask"/> only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T* register, int lane, uint mask, Vector256<T> value) where T : unmanaged
    {
        if (mask != All) value = Vector256.ConditionalSelect(Select<T>(mask, lane), value, Vector256.Load(register + lane));
        value.Store(register + lane);
    }

    /// <summary>All ones in the lanes of <paramref name="mask"/>, from <paramref name="lane"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Select<T>(uint mask, int lane) where T : unmanaged
    {
        if (sizeof(T) == 8)
        {
            Vector256<ulong> bit = Vector256.Create(1ul, 2, 4, 8);
            return Vector256.Equals(Vector256.Create((ulong)(mask >> lane)) & bit, bit).As<ulong, T>();
        }
        Vector256<uint> bits = Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.Equals(Vector256.Create(mask >> lane) & bits, bits).As<uint, T>();
    }
}
