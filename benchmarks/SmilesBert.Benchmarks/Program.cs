using BenchmarkDotNet.Running;
using SmilesBert.Benchmarks;
using SmilesBert.Benchmarks.Versions;

// What stands here is described in benchmarks/README.md; anything else is BenchmarkDotNet's: --filter '*', --list flat.
switch (args)
{
    case ["versions"]:
        ProcessorVersions.Run();
        Console.WriteLine();
        KernelVersions.Run();
        break;
    case ["training", .. string[] rest]:
        using (RaceSide side = new(rest)) side.Train();
        break;
    case ["embedding", .. string[] rest]:
        using (RaceSide side = new(rest)) side.Embed();
        break;
    case ["tokens", .. string[] rest]: MoleculeTokens.Run(rest); break;
    case ["account", .. string[] rest]: StepAccount.Run(rest); break;
    default: BenchmarkSwitcher.FromAssembly(typeof(LinearBench).Assembly).Run(args); break;
}
