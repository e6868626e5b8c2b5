using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/SmilesBert.Benchmarks -- --filter '*Linear*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
