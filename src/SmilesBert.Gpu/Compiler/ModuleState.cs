namespace SmilesBert.Gpu.Compiler;

/// <summary>What a kernel declares beside its instructions.</summary>
internal sealed class ModuleState
{
    /// <summary>Static shared arrays: name and bytes.</summary>
    public List<(string Name, int Bytes)> SharedArrays { get; } = [];

    /// <summary>Arrays of the thread's own memory: name and bytes.</summary>
    public List<(string Name, int Bytes)> LocalArrays { get; } = [];

    public bool UsesDynamicShared { get; set; }

    /// <summary>The oldest architecture that has all the instructions.</summary>
    public int TargetSm { get; private set; } = 70;

    public const string DynamicShared = "dynamicShared";

    public Symbol AddShared(int bytes)
    {
        string name = $"shared{SharedArrays.Count}";
        SharedArrays.Add((name, bytes));
        return new Symbol(name, ValueKind.Int64, MemorySpace.Shared);
    }

    public Symbol AddLocal(int bytes)
    {
        string name = $"local{LocalArrays.Count}";
        LocalArrays.Add((name, bytes));
        return new Symbol(name, ValueKind.Int64, MemorySpace.Local);
    }

    public void Require(int sm) => TargetSm = Math.Max(TargetSm, sm);
}
