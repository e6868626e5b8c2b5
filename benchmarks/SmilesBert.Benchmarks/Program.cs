using BenchmarkDotNet.Running;
using SmilesBert.Benchmarks;

// "training ..." times whole steps, "account ..." counts what a GPU would do in one; anything else is BenchmarkDotNet's: --filter '*', --list flat.
if (args is ["training", .. string[] rest]) TrainingRate.Run(rest);
else if (args is ["account", .. string[] counted]) StepAccount.Run(counted);
else BenchmarkSwitcher.FromAssembly(typeof(LinearBench).Assembly).Run(args);
