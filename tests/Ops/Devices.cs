using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Tests.Ops;

/// <summary>The implementations of the ops page that every test of an operation runs on, by name.</summary>
public sealed class Devices : TheoryData<string>
{
    public Devices() => Add("cpu");

    public static IOps Create(string name) => name switch
    {
        "cpu" => new CpuOps(threads: 1),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>The same device arranged otherwise, which must give the same bits.</summary>
    public static IEnumerable<IOps> Twins(string name)
    {
        yield return Create(name);
        if (name != "cpu") yield break;
        yield return new CpuOps(threads: 2);
        yield return new CpuOps(threads: 3);
    }
}
