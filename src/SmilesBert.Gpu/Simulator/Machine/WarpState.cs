using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

internal enum WarpStatus { Ready, AtBarrier, Exited }

/// <summary>
/// 32 lanes in lock-step: their registers, and the paths on which they are. Where a branch divides them, a frame is opened that ends at the
/// branch's immediate post-dominator; its paths run one after another (the one furthest behind in the text first, paths that meet are one again)
/// and wait there. A branch of which one side leaves the kernel has no such block: its paths stay in the frame they are in.
/// </summary>
internal sealed unsafe partial class WarpState
{
    private readonly List<Frame> frames = [];
    private readonly uint[] registers;                                  // pinned
    private readonly uint[] assigned;                                   // for each register, the lanes that wrote it

    public WarpState(GroupRun group, int index)
    {
        Group = group;
        Index = index;
        Entry = group.Entry;
        registers = GC.AllocateArray<uint>(Entry.Registers.Words + 16, pinned: true);
        Registers = Pointer(registers);
        assigned = new uint[Entry.Registers.Registers.Count];
        scratch = GC.AllocateArray<ulong>(2 * Lanes.Count, pinned: true);
        Addresses = Pointer(scratch);
        Offsets = (long*)Addresses + Lanes.Count;
        FillConstants();
        if (Entry.LocalBytes > 0) local = new MemoryBlock(StateSpace.Local, 0, Entry.LocalBytes * Lanes.Count, "local memory");
    }

    public GroupRun Group { get; }

    /// <summary>Its number in the group.</summary>
    public int Index { get; }

    public PtxEntry Entry { get; }

    /// <summary>The register file: see <see cref="RegisterLayout"/>.</summary>
    public uint* Registers { get; }

    /// <summary>Lanes that have not left the kernel.</summary>
    public uint Live { get; private set; }

    public WarpStatus Status { get; set; }

    /// <summary>Instructions executed in this group.</summary>
    public long Executed { get; private set; }

    public AsyncCopies AsyncCopies { get; } = new();

    /// <summary>Bar.warp.syncs since the last barrier of the group: orders the lanes' accesses.</summary>
    public ushort Epoch { get; set; }

    /// <summary>Puts all lanes at the entry's start.</summary>
    public void Start()
    {
        int threads = Math.Min(Lanes.Count, Group.Threads - Index * Lanes.Count);
        Live = threads == Lanes.Count ? Lanes.All : (1u << threads) - 1;
        Status = WarpStatus.Ready;
        Executed = 0;
        Epoch = 0;
        AsyncCopies.Clear();
        local?.Clear();
        Array.Clear(assigned);
        foreach (Register register in Entry.DoubtfulRegisters) Poison(register);
        SpecialRegisters.Fill(this, registers);
        frames.Clear();
        frames.Add(new Frame(PtxEntry.Exit, new Path(0, Live)));
    }

    /// <summary>Runs until a barrier or the end, or about <paramref name="quantum"/> instructions.</summary>
    public void Run(long quantum)
    {
        Instruction[] code = Entry.Code;
        bool[] leaders = Entry.Leaders;
        long[] counts = Group.Executions, lanes = Group.LaneExecutions;
        long stop = Executed + quantum;
        while (NextPath() is Path path)
        {
            if (Executed >= stop) return;

            uint mask = path.Mask;
            int at = path.At;
            while (true)
            {
                Instruction instruction = code[at];
                uint active = instruction.Guard < 0 ? mask : mask & (Registers[instruction.Guard] ^ instruction.GuardFlip);
                counts[at]++;
                lanes[at] += BitOperations.PopCount(active);
                Executed++;
                if (instruction.Reads.Length > 0) CheckAssigned(instruction, mask, active);
                if (instruction.Flow != Flow.Straight)
                {
                    path.At = at;
                    Follow(path, instruction, active);
                    break;
                }
                if (active != 0) instruction.Execute(this, active);
                foreach (Register register in instruction.Writes) assigned[register.Index] |= active;
                at++;
                if (!leaders[at]) continue;
                path.At = at;
                break;
            }
            if (Status != WarpStatus.Ready) return;
        }
        Status = WarpStatus.Exited;
    }

    /// <summary>Notes a fault of a lane, if that check is on.</summary>
    public void Report(Check kind, Instruction instruction, int lane, ulong? address, Func<string> message)
    {
        if (Group.IsOn(kind)) Group.Faults.Add(kind, instruction, Group.Index, Index * Lanes.Count + lane, address, message);
    }

    private void CheckAssigned(Instruction instruction, uint mask, uint active)
    {
        foreach (Register register in instruction.Reads)
        {
            uint needed = register.Offset == instruction.Guard ? mask : active;
            uint missing = needed & ~assigned[register.Index];
            if (missing == 0) continue;
            Report(Check.UninitialisedRegister, instruction, BitOperations.TrailingZeroCount(missing), null,
                () => $"register {register.Name} was never written");
            assigned[register.Index] |= missing;                        // once is enough
        }
    }

    // Literals, and the addresses of the module's variables.
    private void FillConstants()
    {
        foreach (((ulong bits, bool isWide), int place) in Entry.Registers.Literals) Fill(place, bits, isWide);
        foreach (((Variable variable, long addend), int place) in Entry.Registers.Addresses)
            Fill(place, Group.Memory.AddressOf(variable) + (ulong)addend, isWide: true);
    }

    // What a register holds that nobody wrote: the same in every run.
    private void Poison(Register register)
    {
        if (register.Type == PtxType.Pred) Registers[register.Offset] = 0;
        else Fill(register.Offset, ulong.MaxValue, register.Type.Bytes() == 8);
    }

    private void Fill(int place, ulong bits, bool isWide)
    {
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            if (isWide) ((ulong*)(Registers + place))[lane] = bits;
            else Registers[place + lane] = (uint)bits;
        }
    }

    private static uint* Pointer(uint[] pinned) => (uint*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    private static ulong* Pointer(ulong[] pinned) => (ulong*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
