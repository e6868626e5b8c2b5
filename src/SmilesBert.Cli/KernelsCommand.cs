using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
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
            long started = Stopwatch.GetTimestamp();
            CompiledKernel[] kernels =
                [.. LaunchList.OfAllKernels().AsParallel().AsOrdered().Select(static launch => KernelCompiler.Compile(launch.Kernel, launch.Threads))];
            TimeSpan taken = Stopwatch.GetElapsedTime(started);
            foreach (CompiledKernel kernel in kernels) AtomicFile.WriteText(Path.Combine(folder, kernel.Name + ".ptx"), kernel.Ptx);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{kernels.Length} kernels compiled in {taken.TotalSeconds:0.00} s and written to {folder}"));
            return 0;
        });
        return command;
    }
}
