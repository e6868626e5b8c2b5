using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// The simulated device's global memory: allocations at made-up addresses with wide gaps between them, so that an address computed by hand is
/// found to be inside one or nowhere. Each byte knows whether it was ever written.
/// </summary>
public sealed class SimulatedMemory
{
    private const ulong FirstAddress = 0x7000_0000_0000;
    private const ulong Gap = 1 << 20;                                  // a small index error from one allocation never lands in the next
    private const int Alignment = 256;                                  // as cuMemAlloc gives

    private readonly List<MemoryBlock> blocks = [];                     // by address
    private readonly ConditionalWeakTable<Variable, object> variables = [];
    private ulong next = FirstAddress;

    /// <summary>Takes memory that holds zeros.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="name">For the messages of faults.</param>
    /// <returns>Its device address, a multiple of 256.</returns>
    public ulong Allocate(int bytes, string name = "")
    {
        ulong address = AllocateUninitialised(bytes, name);
        MemoryBlock block = blocks[^1];
        block.Bytes.Clear();
        block.ShadowBytes.Fill(MemoryBlock.Set);
        return address;
    }

    /// <summary>Takes memory that must be written before it is read; until then it holds NaNs.</summary>
    public ulong AllocateUninitialised(int bytes, string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (blocks)
        {
            MemoryBlock block = new(StateSpace.Global, next, bytes, name.Length > 0 ? $"'{name}'" : $"allocation {blocks.Count}");
            block.Clear();
            blocks.Add(block);
            next += ((ulong)bytes + Gap + Alignment - 1) / Alignment * Alignment;
            return block.Start;
        }
    }

    /// <summary>Copies from the host to a device address.</summary>
    /// <exception cref="ArgumentException">The stretch is not inside one allocation.</exception>
    public void Write<T>(ulong address, ReadOnlySpan<T> source) where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(source);
        (MemoryBlock block, int offset) = Stretch(address, bytes.Length);
        bytes.CopyTo(block.Bytes[offset..]);
        block.ShadowBytes.Slice(offset, bytes.Length).Fill(MemoryBlock.Set);
    }

    /// <summary>Copies from a device address to the host.</summary>
    /// <exception cref="ArgumentException">The stretch is not inside one allocation.</exception>
    public void Read<T>(ulong address, Span<T> destination) where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        (MemoryBlock block, int offset) = Stretch(address, bytes.Length);
        block.Bytes.Slice(offset, bytes.Length).CopyTo(bytes);
    }

    /// <summary>Whether every byte of the stretch was written since it was allocated.</summary>
    public bool IsInitialised(ulong address, int bytes)
    {
        (MemoryBlock block, int offset) = Stretch(address, bytes);
        return !block.ShadowBytes.Slice(offset, bytes).ContainsAnyExcept(MemoryBlock.Set);
    }

    /// <summary>The allocation that holds an address, or null.</summary>
    internal MemoryBlock? Find(ulong address)
    {
        int low = 0, high = blocks.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            MemoryBlock block = blocks[middle];
            if (block.Contains(address)) return block;
            if (address < block.Start) high = middle - 1;
            else low = middle + 1;
        }
        return null;
    }

    /// <summary>Where an address lies, in words: "16 bytes past the end of 'x' (64 bytes)".</summary>
    internal string Describe(ulong address)
    {
        MemoryBlock? nearest = null;
        foreach (MemoryBlock block in blocks)
        {
            if (block.Start <= address) nearest = block;
        }
        if (nearest == null) return "below every allocation";
        ulong offset = address - nearest.Start;
        return offset < (ulong)nearest.Length ? $"byte {offset} of {nearest.Name} ({nearest.Length} bytes)"
            : offset < Gap ? $"{offset - (ulong)nearest.Length} bytes past the end of {nearest.Name} ({nearest.Length} bytes)"
            : "in no allocation";
    }

    /// <summary>The address of a module's .global or .const variable; it is allocated when first asked for.</summary>
    internal ulong AddressOf(Variable variable)
    {
        lock (variables)
        {
            if (variables.TryGetValue(variable, out object? known)) return (ulong)known;
            ulong address = Allocate(variable.Bytes, variable.Name);
            if (variable.Initial != null) Write<byte>(address, variable.Initial);
            variables.Add(variable, address);
            return address;
        }
    }

    private (MemoryBlock Block, int Offset) Stretch(ulong address, int bytes)
    {
        MemoryBlock? block = Find(address);
        if (block == null && bytes == 0) block = blocks.Find(other => other.Start == address);      // an empty allocation
        if (block == null || address - block.Start + (ulong)bytes > (ulong)block.Length)
            throw new ArgumentException($"{bytes} bytes at 0x{address:x} are not inside one allocation: {Describe(address)}");
        return (block, (int)(address - block.Start));
    }
}
