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
    case ["training", .. string[] rest]: TrainingRate.Run(rest); break;
    case ["tokens", .. string[] rest]: MoleculeTokens.Run(rest); break;
    case ["account", .. string[] rest]: StepAccount.Run(rest); break;
    default: BenchmarkSwitcher.FromAssembly(typeof(LinearBench).Assembly).Run(args); break;
}
