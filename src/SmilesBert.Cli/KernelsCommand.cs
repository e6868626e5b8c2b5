using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Compiler;
using SmilesBert.Weights;

namespace SmilesBert.Cli;

/// <summary>kernels: the PTX text of every kernel, for reading and for ptxas.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        Option<string> output = SharedOptions.Output("DIR", "Folder for the texts, one .ptx file for each kernel");
        Verb command = new("kernels", "Write the PTX text of every kernel.", new OptionGroup("Options", output));
        command.SetAction(given =>
        {
            string folder = given.GetValue(output)!;
            Directory.CreateDirectory(folder);
            IReadOnlyList<(MethodInfo Kernel, int Threads)> launches = LaunchList.OfAllKernels();
            var kernels = new CompiledKernel[launches.Count];
            long started = Stopwatch.GetTimestamp();
            Parallel.For(0, kernels.Length, i => kernels[i] = KernelCompiler.Compile(launches[i].Kernel, launches[i].Threads));
            TimeSpan taken = Stopwatch.GetElapsedTime(started);
            foreach (CompiledKernel kernel in kernels) AtomicFile.WriteText(Path.Combine(folder, kernel.Name + ".ptx"), kernel.Ptx);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{kernels.Length} kernels compiled in {taken.TotalSeconds:0.00} s and written to {folder}"));
            return 0;
        });
        return command;
    }
}
