using System.Numerics;
using System.Runtime.Intrinsics;

namespace SmilesBert.Gpu.Simulator;

internal sealed unsafe partial class WarpState
{
    private readonly ulong[] scratch;                                   // pinned: Addresses, then Offsets
    private readonly MemoryBlock? local;                                // all lanes' .local memory, one lane after another

    /// <summary>Each lane's address in the access that is being executed.</summary>
    public ulong* Addresses { get; }

    /// <summary>Each lane's place in the block that <see cref="Resolve"/> found.</summary>
    public long* Offsets { get; }

    public void ComputeAddresses(AddressSource source, uint mask)
    {
        uint* register = Registers + source.Place;
        if (source.IsWide)
        {
            Vector256<ulong> displacement = Vector256.Create((ulong)source.Displacement);
            for (int lane = 0; lane < Lanes.Count; lane += 4) (Vector256.Load((ulong*)register + lane) + displacement).Store(Addresses + lane);
        }
        else
        {
            uint displacement = (uint)source.Displacement;
            for (int lane = 0; lane < Lanes.Count; lane++) Addresses[lane] = register[lane] + displacement;
        }
    }

    /// <summary>
    /// Finds the block of memory that the first pending lane means and all pending lanes that lie in it too; their <see cref="Offsets"/> are set
    /// and they are no longer pending. Lanes out of bounds are reported and dropped.
    /// </summary>
    /// <returns>The lanes to serve; none if the first pending lane is out of bounds.</returns>
    public uint Resolve(Instruction instruction, StateSpace space, int bytes, ref uint pending, out MemoryBlock block)
    {
        uint candidates = pending;
        if (space == StateSpace.Generic) candidates = LeaveWindow(ref space, pending);

        ulong first = Addresses[BitOperations.TrailingZeroCount(candidates)];
        MemoryBlock? found = space switch
        {
            StateSpace.Shared => Group.Shared,
            StateSpace.Param => Group.Parameters,
            StateSpace.Local => local,
            _ => Group.FindGlobal(instruction, first),
        };
        if (found == null)
        {
            block = Group.Parameters;
            int lane = BitOperations.TrailingZeroCount(candidates);
            pending &= ~(1u << lane);
            ReportOutOfBounds(instruction, space, lane, bytes, null);
            return 0;
        }

        block = found;
        ulong start = found.Start, room = (ulong)(space == StateSpace.Local ? Entry.LocalBytes : found.Length);
        room = room >= (ulong)bytes ? room - (ulong)bytes + 1 : 0;
        uint inside = 0;
        ulong crooked = 0;
        for (uint left = candidates; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            ulong offset = Addresses[lane] - start;
            if (offset < room) inside |= 1u << lane;
            crooked |= offset;
            Offsets[lane] = (long)offset;
        }

        bool isGlobal = space is StateSpace.Global or StateSpace.Const;
        uint outside = candidates & ~inside;
        if (outside != 0 && (!isGlobal || inside == 0))                 // lanes outside a global block may lie in another
        {
            ReportAllOutside(instruction, space, outside, bytes, found);
            pending &= ~outside;
        }
        if (BitOperations.IsPow2(bytes) && (crooked & (ulong)(bytes - 1)) != 0) ReportMisaligned(instruction, space, inside, bytes);
        pending &= ~inside;
        if (space == StateSpace.Local) SeparateLanes(inside);
        else if (space == StateSpace.Shared && Group.HasGuards) inside &= ~TouchingGuards(instruction, inside, bytes);
        return inside;
    }

    /// <summary>Counts a read and looks for races, values that were never written and copies under way.</summary>
    public void ObserveRead(Instruction instruction, MemoryBlock block, uint lanes, int bytes)
    {
        Group.Accesses?.Count(instruction, block, this, lanes, bytes);
        if (block.Space == StateSpace.Shared && Group.Races is RaceDetector races)
        {
            for (uint racing = races.Read(this, lanes, bytes); racing != 0; racing &= racing - 1)
                ReportRace(instruction, block, BitOperations.TrailingZeroCount(racing), bytes, isWrite: false);
        }
        if (block.Space == StateSpace.Global) Group.Owners?.Check(this, instruction, block, lanes, bytes, isWrite: false);
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (!block.IsSet(Offsets[lane], bytes)) ReportUnset(instruction, block, lane, bytes);
        }
    }

    /// <summary>Counts a write, marks what it sets and looks for races.</summary>
    /// <returns>Lanes that race, unless they write what is there already.</returns>
    public uint ObserveWrite(Instruction instruction, MemoryBlock block, uint lanes, int bytes)
    {
        Group.Accesses?.Count(instruction, block, this, lanes, bytes);
        if (block.Space == StateSpace.Global) Group.Owners?.Check(this, instruction, block, lanes, bytes, isWrite: true);
        bool mayBeInFlight = block.Space == StateSpace.Shared && Entry.HasAsyncCopies;
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (mayBeInFlight && block.HasMark(Offsets[lane], bytes, MemoryBlock.InFlight)) ReportInFlight(instruction, lane, bytes, "written");
            block.Mark(Offsets[lane], bytes, MemoryBlock.Set);
        }
        return block.Space == StateSpace.Shared && Group.Races is RaceDetector races ? races.Write(this, lanes, bytes) : 0;
    }

    /// <summary>Atomics are in order among themselves: no races are looked for.</summary>
    public void ObserveAtomic(Instruction instruction, MemoryBlock block, uint lanes, int bytes)
    {
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (!block.IsSet(Offsets[lane], bytes)) ReportUnset(instruction, block, lane, bytes);
            block.Mark(Offsets[lane], bytes, MemoryBlock.Set);
        }
    }

    public void ReportRace(Instruction instruction, MemoryBlock block, int lane, int bytes, bool isWrite)
    {
        ulong address = (ulong)Offsets[lane];
        Report(Check.SharedRace, instruction, lane, address, () =>
            $"shared memory at {address} ({bytes} bytes) is {(isWrite ? "written" : "read")} without a barrier after {Group.Races!.Other(lane)}");
    }

    // Pending lanes in the window of the first one; their addresses become those of the space.
    private uint LeaveWindow(ref StateSpace space, uint pending)
    {
        space = AddressSpaces.Of(Addresses[BitOperations.TrailingZeroCount(pending)]);
        ulong window = AddressSpaces.Window(space);
        uint same = 0;
        for (uint left = pending; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (AddressSpaces.Of(Addresses[lane]) != space) continue;
            same |= 1u << lane;
            Addresses[lane] -= window;
        }
        return same;
    }

    private void SeparateLanes(uint lanes)
    {
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            Offsets[lane] += lane * Entry.LocalBytes;
        }
    }

    // Between static arrays of shared memory lie guards, which the real layout has not.
    private uint TouchingGuards(Instruction instruction, uint lanes, int bytes)
    {
        uint touching = 0;
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (!Group.Shared.HasMark(Offsets[lane], bytes, MemoryBlock.Guard)) continue;
            touching |= 1u << lane;
            ReportOutOfBounds(instruction, StateSpace.Shared, lane, bytes, Group.Shared);
        }
        return touching;
    }

    private void ReportAllOutside(Instruction instruction, StateSpace space, uint lanes, int bytes, MemoryBlock block)
    {
        for (; lanes != 0; lanes &= lanes - 1) ReportOutOfBounds(instruction, space, BitOperations.TrailingZeroCount(lanes), bytes, block);
    }

    private void ReportOutOfBounds(Instruction instruction, StateSpace space, int lane, int bytes, MemoryBlock? block)
    {
        ulong address = Addresses[lane];
        Report(Check.OutOfBounds, instruction, lane, address, () => space switch
        {
            StateSpace.Global or StateSpace.Const => $"{bytes} bytes at global address 0x{address:x} are out of bounds: {Group.Memory.Describe(address)}",
            StateSpace.Shared => $"{bytes} bytes at {Entry.DescribeShared(address)} are out of bounds",
            StateSpace.Local => $"{bytes} bytes at local address {(long)address} are out of bounds: a thread has {Entry.LocalBytes}",
            _ => $"{bytes} bytes at parameter address {(long)address} are out of bounds: there are {block?.Length}",
        });
    }

    private void ReportMisaligned(Instruction instruction, StateSpace space, uint lanes, int bytes)
    {
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            ulong address = Addresses[lane];
            if (address % (ulong)bytes == 0) continue;
            Report(Check.Misaligned, instruction, lane, address, () => $"{space.ToString().ToLowerInvariant()} address 0x{address:x} is not a multiple of {bytes}");
        }
    }

    private void ReportUnset(Instruction instruction, MemoryBlock block, int lane, int bytes)
    {
        ulong address = Addresses[lane];
        if (block.HasMark(Offsets[lane], bytes, MemoryBlock.InFlight))
        {
            ReportInFlight(instruction, lane, bytes, "read");
            return;
        }
        Report(Check.UninitialisedMemory, instruction, lane, address, () => block.Space switch
        {
            StateSpace.Global => $"{bytes} bytes at global address 0x{address:x} were never written: {Group.Memory.Describe(address)}",
            StateSpace.Shared => $"{bytes} bytes at {Entry.DescribeShared(address)} were never written",
            _ => $"{bytes} bytes at local address {address} were never written",
        });
    }

    private void ReportInFlight(Instruction instruction, int lane, int bytes, string verb)
    {
        ulong address = Addresses[lane];
        Report(Check.AsyncCopyInFlight, instruction, lane, address, () =>
            $"{bytes} bytes at {Entry.DescribeShared(address)} are {verb} while a cp.async into them is under way: wait for its group first");
    }
}
