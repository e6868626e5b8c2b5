using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>A group's sixteen barriers. One opens when the threads it expects have come: the number given, or all that have not left the kernel.</summary>
internal sealed class Barriers(GroupRun group)
{
    private const int Count = 16;

    private sealed class Barrier
    {
        public List<(WarpState Warp, BarrierInstruction Instruction, uint Mask)> Waiting { get; } = [];
        public int Threads { get; set; }
        public int Expected { get; set; }
        public int Votes { get; set; }
        public int Voters { get; set; }
    }

    private readonly Barrier[] barriers = [.. Enumerable.Range(0, Count).Select(_ => new Barrier())];

    public void Clear()
    {
        foreach (Barrier barrier in barriers) Reset(barrier);
    }

    public void Arrive(WarpState warp, BarrierInstruction instruction, int number, int expected, uint mask)
    {
        if ((uint)number >= Count)
        {
            warp.Report(Check.DivergentBarrier, instruction, BitOperations.TrailingZeroCount(mask), null, () => $"there is no barrier {number}, only 0 to 15");
            return;
        }
        Barrier barrier = barriers[number];
        barrier.Threads += expected > 0 ? Lanes.Count : BitOperations.PopCount(warp.Live);  // counted barriers count whole warps
        barrier.Expected = expected;
        barrier.Votes += BitOperations.PopCount(instruction.Votes(warp, mask));
        barrier.Voters += BitOperations.PopCount(mask);
        if (instruction.Action != BarrierAction.Arrive)
        {
            barrier.Waiting.Add((warp, instruction, mask));
            warp.Status = WarpStatus.AtBarrier;
        }
        OpenIfComplete(barrier);
    }

    /// <summary>A warp has left the kernel: others may now be complete.</summary>
    public void OnExit()
    {
        foreach (Barrier barrier in barriers)
        {
            if (barrier.Waiting.Count > 0) OpenIfComplete(barrier);
        }
    }

    /// <summary>Nobody can run: names who waits, and lets all go on.</summary>
    public void ReportStuck()
    {
        foreach (Barrier barrier in barriers)
        {
            if (barrier.Waiting.Count == 0) continue;
            (WarpState warp, BarrierInstruction instruction, uint mask) = barrier.Waiting[0];
            int missing = Array.FindIndex(group.Warps, other => other.Status != WarpStatus.Exited && !barrier.Waiting.Exists(waiting => waiting.Warp == other));
            int expected = barrier.Expected;
            string reason = expected > 0 ? $"{expected} threads are expected" : $"warp {missing} waits at another barrier";
            int threads = barrier.Threads;
            warp.Report(Check.DivergentBarrier, instruction, BitOperations.TrailingZeroCount(mask), null,
                () => $"{threads} threads wait at the barrier for ever: {reason}");
            Open(barrier);
        }
    }

    private void OpenIfComplete(Barrier barrier)
    {
        int live = 0;
        foreach (WarpState warp in group.Warps) live += BitOperations.PopCount(warp.Live);
        if (barrier.Threads >= (barrier.Expected > 0 ? barrier.Expected : live)) Open(barrier);
    }

    private void Open(Barrier barrier)
    {
        foreach ((WarpState warp, BarrierInstruction instruction, uint mask) in barrier.Waiting)
        {
            instruction.Finish(warp, mask, barrier.Votes, barrier.Voters);
            warp.Status = WarpStatus.Ready;
            warp.Epoch = 0;
        }
        group.Races?.NextEpoch();
        Reset(barrier);
    }

    private static void Reset(Barrier barrier)
    {
        barrier.Waiting.Clear();
        barrier.Threads = barrier.Expected = barrier.Votes = barrier.Voters = 0;
    }
}
