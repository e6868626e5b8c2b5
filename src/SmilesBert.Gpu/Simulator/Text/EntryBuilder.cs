namespace SmilesBert.Gpu.Simulator;

/// <summary>Collects what the parser finds in an entry, lays out its memory and decodes its instructions.</summary>
internal sealed class EntryBuilder(string name, int line)
{
    private readonly List<InstructionSyntax> statements = [];
    private readonly List<Variable> parameters = [];
    private readonly List<Action> whenDone = [];
    private int sharedCell = 16, globalCell = 16;

    public RegisterLayout Registers { get; } = new();

    /// <summary>.maxntid and .reqntid; 0 where they are not given.</summary>
    public int MaxThreads { get; set; }
    public int RequiredThreads { get; set; }

    public bool HasAsyncCopies { get; set; }
    public bool HasGlobalAtomics { get; set; }

    /// <summary>Instructions so far.</summary>
    public int Count => statements.Count;

    public void AddParameter(Variable parameter) => parameters.Add(parameter);

    public void Add(InstructionSyntax statement) => statements.Add(statement);

    /// <summary>Something to do when all labels are known.</summary>
    public void WhenDone(Action action) => whenDone.Add(action);

    /// <summary>Notes the width of an access: the narrowest is the grain in which races are looked for.</summary>
    public void NoteAccess(StateSpace space, int bytes)
    {
        if (space is StateSpace.Shared or StateSpace.Generic) sharedCell = Math.Min(sharedCell, bytes);
        if (space is StateSpace.Global or StateSpace.Generic) globalCell = Math.Min(globalCell, bytes);
    }

    /// <summary>The place of a variable's address.</summary>
    public int AddressOf(Variable variable, long addend, bool isWide, int line)
    {
        if (variable.Offset is int offset) return Registers.Literal(isWide ? (ulong)(offset + addend) : (uint)(offset + addend), isWide);
        return isWide ? Registers.Address(variable, addend) : throw new PtxException(line, $"the address of '{variable.Name}' has 64 bits");
    }

    public PtxEntry Build()
    {
        List<Variable> used = UsedVariables();
        int parameterBytes = LayOut(parameters);
        int localBytes = LayOut(used.Where(variable => variable.Space == StateSpace.Local));
        SharedLayout shared = SharedLayout.Of(used.Where(variable => variable.Space == StateSpace.Shared));

        statements.Add(new InstructionSyntax("ret", [], [], null, line, "ret", null, new Scope(null)));     // at the closing brace
        Instruction[] code = [.. statements.Select(statement => Decoder.Decode(statement, this))];
        for (int i = 0; i < code.Length; i++) code[i].Index = i;
        foreach (Action action in whenDone) action();

        ControlFlow flow = new(code);
        return new PtxEntry
        {
            Name = name,
            ParameterBytes = parameterBytes,
            LocalBytes = (localBytes + 15) / 16 * 16,
            MaxThreads = MaxThreads,
            RequiredThreads = RequiredThreads,
            Shared = shared,
            Registers = Registers,
            Code = code,
            Leaders = flow.Leaders,
            Meetings = flow.Meetings(),
            DoubtfulRegisters = DefiniteAssignment.Prune(code, flow, Registers.Registers.Count),
            SharedCellBytes = sharedCell,
            GlobalCellBytes = globalCell,
            HasAsyncCopies = HasAsyncCopies,
            HasGlobalAtomics = HasGlobalAtomics,
        };
    }

    private static int LayOut(IEnumerable<Variable> variables)
    {
        int end = 0;
        foreach (Variable variable in variables)
        {
            variable.Offset = (end + variable.Alignment - 1) / variable.Alignment * variable.Alignment;
            end = variable.Offset.Value + variable.Bytes;
        }
        return end;
    }

    // In the order in which the text names them; what is never named takes no room.
    private List<Variable> UsedVariables()
    {
        List<Variable> used = [];
        foreach (InstructionSyntax statement in statements)
        {
            foreach (Operand operand in statement.Operands) Collect(operand);
        }
        return used;

        void Collect(Operand operand)
        {
            if (operand is VariableOperand variable && !used.Contains(variable.Variable)) used.Add(variable.Variable);
            else if (operand is AddressOperand address) Collect(address.Base);
            else if (operand is TupleOperand tuple)
            {
                foreach (Operand element in tuple.Elements) Collect(element);
            }
        }
    }
}
