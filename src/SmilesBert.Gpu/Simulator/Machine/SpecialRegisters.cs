namespace SmilesBert.Gpu.Simulator;

/// <summary>%tid, %ctaid and the others: constant while a warp runs, so they are filled into its register file when it starts.</summary>
internal static class SpecialRegisters
{
    private static readonly HashSet<string> Names =
    [
        "%tid.x", "%tid.y", "%tid.z", "%ntid.x", "%ntid.y", "%ntid.z", "%ctaid.x", "%ctaid.y", "%ctaid.z", "%nctaid.x", "%nctaid.y", "%nctaid.z",
        "%laneid", "%warpid", "%nwarpid", "%smid", "%nsmid", "%gridid", "%lanemask_eq", "%lanemask_le", "%lanemask_lt", "%lanemask_ge", "%lanemask_gt",
        "%dynamic_smem_size", "%total_smem_size", "%clock", "%clock64", "%globaltimer",
    ];

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>Those that change while a warp runs; only mov reads them.</summary>
    public static bool IsClock(string name) => name is "%clock" or "%clock64" or "%globaltimer";

    public static void Fill(WarpState warp, uint[] registers)
    {
        foreach ((string name, int place) in warp.Entry.Registers.Specials)
        {
            for (int lane = 0; lane < Lanes.Count; lane++) registers[place + lane] = Value(name, warp, lane);
        }
    }

    private static uint Value(string name, WarpState warp, int lane)
    {
        GroupRun group = warp.Group;
        uint bit = 1u << lane;
        return name switch
        {
            "%tid.x" => (uint)(warp.Index * Lanes.Count + lane),
            "%ntid.x" => (uint)group.Threads,
            "%ctaid.x" => (uint)group.Index,
            "%nctaid.x" => (uint)group.Groups,
            "%laneid" => (uint)lane,
            "%warpid" => (uint)warp.Index,
            "%nwarpid" => (uint)group.Warps.Length,
            "%nsmid" => 1,
            "%lanemask_eq" => bit,
            "%lanemask_le" => bit | (bit - 1),
            "%lanemask_lt" => bit - 1,
            "%lanemask_ge" => ~(bit - 1),
            "%lanemask_gt" => ~(bit | (bit - 1)),
            "%dynamic_smem_size" => (uint)group.DynamicSharedBytes,
            "%total_smem_size" => (uint)(group.Entry.StaticSharedBytes + group.DynamicSharedBytes),
            "%ntid.y" or "%ntid.z" or "%nctaid.y" or "%nctaid.z" => 1,
            _ => 0,                                                     // %tid.y and the like, %smid, %gridid
        };
    }
}
