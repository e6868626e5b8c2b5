using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

internal sealed unsafe partial class WarpState
{
    /// <summary>Lanes that go the same way; <paramref name="at"/> is the next instruction.</summary>
    private sealed class Path(int at, uint mask)
    {
        public int At { get; set; } = at;
        public uint Mask { get; set; } = mask;

        /// <summary>Stands before a barrier and lets the warp's other paths catch up.</summary>
        public bool IsParked { get; set; }
    }

    /// <summary>Paths that will be one again at an instruction, where they wait.</summary>
    private sealed class Frame(int end, Path first)
    {
        public int End { get; } = end;
        public List<Path> Paths { get; } = [first];
    }

    // The path to run: of the innermost frame the one furthest behind. Null when all lanes have left.
    private Path? NextPath()
    {
        while (frames.Count > 0)
        {
            Frame frame = frames[^1];
            List<Path> paths = frame.Paths;
            if (paths.Count == 1)                                       // nearly always
            {
                Path only = paths[0];
                if (only.Mask != 0 && only.At != frame.End) return only;
                frames.RemoveAt(frames.Count - 1);
                continue;
            }

            paths.RemoveAll(path => path.Mask == 0 || path.At == frame.End);
            Merge(paths);
            if (paths.Count == 0)
            {
                frames.RemoveAt(frames.Count - 1);
                continue;
            }
            Path? chosen = null;
            foreach (Path path in paths)
            {
                if (!path.IsParked && (chosen == null || path.At < chosen.At)) chosen = path;
            }
            return chosen ?? paths[0];
        }
        return null;
    }

    // Paths that stand at the same instruction are one.
    private static void Merge(List<Path> paths)
    {
        for (int i = 0; i < paths.Count; i++)
        {
            for (int j = paths.Count - 1; j > i; j--)
            {
                if (paths[j].At != paths[i].At) continue;
                paths[i].Mask |= paths[j].Mask;
                paths.RemoveAt(j);
            }
        }
    }

    private void Follow(Path path, Instruction instruction, uint active)
    {
        switch (instruction.Flow)
        {
            case Flow.Exit:
                if (active != 0) instruction.Execute(this, active);     // trap speaks up
                Live &= ~active;
                foreach (Frame frame in frames)
                {
                    foreach (Path other in frame.Paths) other.Mask &= ~active;
                }
                path.At++;
                break;
            case Flow.Branch:
                Branch(path, (BranchInstruction)instruction, active);
                break;
            case Flow.BranchTable:
                BranchByTable(path, (BranchTableInstruction)instruction, active);
                break;
            case Flow.Barrier:
                ReachBarrier(path, (BarrierInstruction)instruction, active);
                break;
        }
    }

    private void Branch(Path path, BranchInstruction branch, uint taken)
    {
        uint fallen = path.Mask & ~taken;
        if (fallen == 0)
        {
            path.At = branch.Target;
        }
        else if (taken == 0)
        {
            path.At++;
        }
        else
        {
            if (branch.IsUniform)
            {
                Report(Check.DivergentUniformBranch, branch, BitOperations.TrailingZeroCount(taken), null,
                    () => $"bra.uni is taken by {BitOperations.PopCount(taken)} of {BitOperations.PopCount(taken | fallen)} lanes");
            }
            Divide(path, branch, [new Path(branch.Target, taken), new Path(branch.Index + 1, fallen)]);
        }
    }

    private void BranchByTable(Path path, BranchTableInstruction branch, uint active)
    {
        List<Path> sides = [];
        if (active != path.Mask) sides.Add(new Path(branch.Index + 1, path.Mask & ~active));
        for (uint left = active; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            uint index = Registers[branch.Selector + lane];
            if (index >= branch.Targets.Length)
            {
                Report(Check.OutOfBounds, branch, lane, null, () => $"index {index} is outside the table of {branch.Targets.Length} labels");
                index = 0;
            }
            int target = branch.Targets[index];
            Path? side = sides.Find(other => other.At == target);
            if (side == null) sides.Add(new Path(target, 1u << lane));
            else side.Mask |= 1u << lane;
        }
        if (sides.Count == 1) path.At = sides[0].At;
        else Divide(path, branch, sides);
    }

    private void Divide(Path path, Instruction branch, List<Path> sides)
    {
        Group.CountDivergence(branch);
        Frame frame = frames[^1];
        int meeting = Entry.Meetings[branch.Index];
        if (meeting == PtxEntry.Exit || meeting == frame.End)
        {
            frame.Paths.Remove(path);
            frame.Paths.AddRange(sides);
            return;
        }
        path.At = meeting;                                              // where all of them go on together
        Frame inner = new(meeting, sides[0]);
        inner.Paths.AddRange(sides.Skip(1));
        frames.Add(inner);
    }

    private void ReachBarrier(Path path, BarrierInstruction barrier, uint active)
    {
        if (active == 0)
        {
            path.At++;
            return;
        }
        if (active != Live && CanWaitForOthers(path))
        {
            path.IsParked = true;
            return;
        }
        if (active != Live)
        {
            uint missing = Live & ~active;
            Report(Check.DivergentBarrier, barrier, BitOperations.TrailingZeroCount(active), null,
                () => $"only {BitOperations.PopCount(active)} of the warp's {BitOperations.PopCount(Live)} threads reach the barrier together; "
                    + $"thread {Index * Lanes.Count + BitOperations.TrailingZeroCount(missing)} does not");
        }
        path.IsParked = false;
        path.At++;
        barrier.Execute(this, active);
        foreach (Register register in barrier.Writes) assigned[register.Index] |= active;
    }

    // Other paths of the frame may still leave the kernel or come here.
    private bool CanWaitForOthers(Path path) => frames[^1].Paths.Exists(other => other != path && other.Mask != 0 && !other.IsParked && other.At != frames[^1].End);
}
