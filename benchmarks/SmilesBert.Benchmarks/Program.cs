using BenchmarkDotNet.Running;
using SmilesBert.Benchmarks;

// "training ..." times whole steps; anything else is BenchmarkDotNet's: --filter '*', --list flat.
if (args is ["training", .. string[] rest]) TrainingRate.Run(rest);
else BenchmarkSwitcher.FromAssembly(typeof(LinearBench).Assembly).Run(args);
