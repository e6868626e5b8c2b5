using System.Reflection.Emit;

namespace SmilesBert.Gpu.Compiler;

/// <summary>One decoded instruction.</summary>
/// <param name="Offset">Where it starts, in bytes from the method's first instruction.</param>
/// <param name="Next">Where the following one starts.</param>
/// <param name="OpCode">What it does.</param>
/// <param name="Family">Its name up to the first dot: ldc of ldc.i4.s.</param>
/// <param name="Number">Its integer operand: a constant, a local's or argument's number, a token, or a branch's target offset.</param>
/// <param name="Real">Its floating-point operand.</param>
/// <param name="Targets">A switch's target offsets.</param>
internal readonly record struct IlInstruction(int Offset, int Next, OpCode OpCode, string Family, long Number, double Real, int[] Targets)
{
    public string Name => OpCode.Name!;

    public bool IsBranch => OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch;

    /// <summary>Control does not run on into the next instruction.</summary>
    public bool EndsFlow => OpCode.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw;
}
