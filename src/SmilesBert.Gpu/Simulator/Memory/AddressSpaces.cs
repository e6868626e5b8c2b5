namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Generic addresses: shared, local and parameter memory each have a window of 4 GiB, all else is global. Constant variables lie in global memory.
/// </summary>
internal static class AddressSpaces
{
    private const ulong ParamWindow = 0x7C00_0000_0000, LocalWindow = 0x7D00_0000_0000, SharedWindow = 0x7E00_0000_0000;
    private const ulong WindowSize = 1ul << 32;

    /// <summary>What cvta adds to an address of the space.</summary>
    public static ulong Window(StateSpace space) => space switch
    {
        StateSpace.Shared => SharedWindow,
        StateSpace.Local => LocalWindow,
        StateSpace.Param => ParamWindow,
        _ => 0,
    };

    /// <summary>The space a generic address lies in.</summary>
    public static StateSpace Of(ulong address) =>
        address - SharedWindow < WindowSize ? StateSpace.Shared
        : address - LocalWindow < WindowSize ? StateSpace.Local
        : address - ParamWindow < WindowSize ? StateSpace.Param
        : StateSpace.Global;
}
