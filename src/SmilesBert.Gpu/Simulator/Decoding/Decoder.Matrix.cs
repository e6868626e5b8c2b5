namespace SmilesBert.Gpu.Simulator;

internal static partial class Decoder
{
    private static Instruction Mma(InstructionReader r)
    {
        r.Class = OpcodeClass.Matrix;
        foreach (string part in (ReadOnlySpan<string>)[".sync", ".aligned", ".row", ".col"])
        {
            if (!r.Has(part)) throw r.Error($"'{part}' is missing");
        }
        string? shape = r.OneOf(".m16n8k4", ".m16n8k8", ".m16n8k16");
        (PtxType sum, PtxType left, PtxType right, PtxType start) = (r.Type(), r.Type(), r.Type(), r.Type());
        if (sum != PtxType.F32 || start != PtxType.F32 || left != right) throw r.BadType(sum);
        (MatrixElement element, int depth, int leftRegisters) = (left, shape) switch
        {
            (PtxType.F16, ".m16n8k16") => (MatrixElement.Half, 16, 4),
            (PtxType.F16, ".m16n8k8") => (MatrixElement.Half, 8, 2),
            (PtxType.BF16, ".m16n8k16") => (MatrixElement.BFloat16, 16, 4),
            (PtxType.BF16, ".m16n8k8") => (MatrixElement.BFloat16, 8, 2),
            (PtxType.TF32, ".m16n8k8") => (MatrixElement.TensorFloat32, 8, 4),
            (PtxType.TF32, ".m16n8k4") => (MatrixElement.TensorFloat32, 4, 2),
            _ => throw r.Error($"shape '{shape}' on {left.Dotted()} is not supported"),
        };
        int[] d = Places(r, 4, operand => r.Destination(operand, PtxType.F32, out _));
        int[] a = Places(r, leftRegisters, operand => r.Source(operand, PtxType.B32, out _));
        int[] b = Places(r, leftRegisters / 2, operand => r.Source(operand, PtxType.B32, out _));
        int[] c = Places(r, 4, operand => r.Source(operand, PtxType.F32, out _));
        return new MmaInstruction(element, depth, d, a, b, c);
    }

    private static Instruction LdMatrix(InstructionReader r)
    {
        r.Class = OpcodeClass.SharedLoad;
        foreach (string part in (ReadOnlySpan<string>)[".sync", ".aligned", ".m8n8", ".b16"])
        {
            if (!r.Has(part)) throw r.Error($"'{part}' is missing");
        }
        int count = r.OneOf(".x1", ".x2", ".x4") switch
        {
            ".x1" => 1,
            ".x2" => 2,
            ".x4" => 4,
            _ => throw r.Error("the number of matrices is missing"),
        };
        bool isTransposed = r.Has(".trans");
        StateSpace space = Space(r) ?? StateSpace.Generic;
        r.Builder.NoteAccess(space, 16);
        int[] places = Places(r, count, operand => r.Destination(operand, PtxType.B32, out _));
        return new LoadMatrixInstruction(space, r.Address(), places, isTransposed);
    }

    private static int[] Places(InstructionReader r, int count, Func<Operand, int> place)
    {
        IReadOnlyList<Operand> operands = r.Tuple();
        return operands.Count == count ? [.. operands.Select(place)] : throw r.Error($"{count} registers are expected, not {operands.Count}");
    }

    private static Instruction Cp(InstructionReader r)
    {
        r.Class = OpcodeClass.AsyncCopy;
        if (!r.Has(".async")) throw r.Error("'cp' without '.async' is not supported");
        if (r.Has(".commit_group")) return new AsyncCommitInstruction();
        if (r.Has(".wait_all")) return new AsyncWaitInstruction(-1);
        if (r.Has(".wait_group"))
        {
            return r.Operand() is LiteralOperand newest
                ? new AsyncWaitInstruction((int)newest.Value.As(PtxType.U32, newest.Line))
                : throw r.Error("the number of groups is not a literal");
        }

        string? cache = r.OneOf(".ca", ".cg");
        bool hasSpaces = (r.Has(".shared") || r.Has(".shared::cta")) && r.Has(".global");
        if (cache == null || !hasSpaces) throw r.Error("'.ca' or '.cg', '.shared' and '.global' are expected");
        r.Ignore(".L2::64B", ".L2::128B", ".L2::256B");
        (AddressSource target, AddressSource source) = (r.Address(), r.Address());
        int bytes = r.Operand() is LiteralOperand size ? (int)size.Value.As(PtxType.U32, size.Line) : 0;
        if (!(bytes == 16 || (cache == ".ca" && bytes is 4 or 8))) throw r.Error("the size of the copy is not 4, 8 or 16 ('.cg': 16)");
        r.Builder.NoteAccess(StateSpace.Shared, bytes);
        r.Builder.HasAsyncCopies = true;

        PredicateSource ignore = PredicateSource.Constant(false);
        int sourceBytes = -1;
        bool isWide = false;
        if (r.PeekOperand() is RegisterOperand { Register.Type: PtxType.Pred }) ignore = r.Predicate();
        else if (r.OperandsLeft > 0)
        {
            sourceBytes = r.WideSource(PtxType.U32, out PtxType register);
            isWide = register.Bytes() == 8;
        }
        return new AsyncCopyInstruction(target, source, bytes, sourceBytes, isWide, ignore);
    }
}
