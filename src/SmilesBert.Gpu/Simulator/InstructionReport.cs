namespace SmilesBert.Gpu.Simulator;

/// <summary>What one instruction of a kernel did during a launch.</summary>
/// <param name="Line">Line in the PTX text, from 1.</param>
/// <param name="Text">The instruction as written.</param>
/// <param name="Class">Its class.</param>
/// <param name="Warps">Times a warp executed it.</param>
/// <param name="Lanes">Times a thread executed it.</param>
/// <param name="Divergences">Times it sent lanes of a warp different ways.</param>
/// <param name="BankConflictCycles">Extra cycles its bank conflicts cost.</param>
/// <param name="GlobalSectors">Sectors of 32 bytes of global memory it touched.</param>
/// <param name="IdealGlobalSectors">Sectors the same bytes would have filled side by side.</param>
public readonly record struct InstructionReport(
    int Line, string Text, OpcodeClass Class, long Warps, long Lanes, long Divergences, long BankConflictCycles, long GlobalSectors, long IdealGlobalSectors);
