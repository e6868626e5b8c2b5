namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// A stretch of memory with a shadow byte for each byte: whether it holds a value. Beyond both lie 16 spare bytes. An allocation, or a group's
/// shared memory, a warp's local memory, a launch's parameters.
/// </summary>
internal sealed unsafe class MemoryBlock
{
    /// <summary>Shadow bytes. Anything but the first two is looked at one by one.</summary>
    public const byte Unset = 0, Set = 0xFF, InFlight = 1, Guard = 2;

    /// <summary>What memory holds before anything is written: a NaN, as floats go.</summary>
    private const byte Poison = 0xFF;

    private readonly byte[] data;                                       // pinned, so that the pointers stay right
    private readonly byte[] shadow;

    public MemoryBlock(StateSpace space, ulong start, int length, string name)
    {
        Space = space;
        Start = start;
        Length = length;
        Name = name;
        data = GC.AllocateArray<byte>(length + 16, pinned: true);
        shadow = GC.AllocateArray<byte>(length + 16, pinned: true);
        Data = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(data, 0);
        Shadow = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(shadow, 0);
    }

    public StateSpace Space { get; }
    public ulong Start { get; }
    public int Length { get; }
    public string Name { get; }
    public byte* Data { get; }
    public byte* Shadow { get; }

    public Span<byte> Bytes => data.AsSpan(0, Length);

    public Span<byte> ShadowBytes => shadow.AsSpan(0, Length);

    public bool Contains(ulong address) => address - Start < (ulong)Length;

    /// <summary>Forgets all: nothing is set.</summary>
    public void Clear()
    {
        Bytes.Fill(Poison);
        ShadowBytes.Clear();
    }

    /// <summary>Whether every one of the bytes at <paramref name="offset"/> holds a value.</summary>
    public bool IsSet(long offset, int bytes) => bytes switch
    {
        4 => *(uint*)(Shadow + offset) == uint.MaxValue,
        16 => (*(ulong*)(Shadow + offset) & *(ulong*)(Shadow + offset + 8)) == ulong.MaxValue,
        8 => *(ulong*)(Shadow + offset) == ulong.MaxValue,
        2 => *(ushort*)(Shadow + offset) == ushort.MaxValue,
        _ => !new ReadOnlySpan<byte>(Shadow + offset, bytes).ContainsAnyExcept(Set),
    };

    /// <summary>Whether one of the bytes is marked so.</summary>
    public bool HasMark(long offset, int bytes, byte mark) => new ReadOnlySpan<byte>(Shadow + offset, bytes).Contains(mark);

    public void Mark(long offset, int bytes, byte mark) => new Span<byte>(Shadow + offset, bytes).Fill(mark);
}
