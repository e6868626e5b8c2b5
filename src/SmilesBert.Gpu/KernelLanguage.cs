namespace SmilesBert.Gpu;

/// <summary>What the kernels of this build are written against and compiled by.</summary>
public static class KernelLanguage
{
    /// <summary>"ilgpu" where the build has the ILGPU package, "own" where it has this project's part of its language.</summary>
    public static string Name => typeof(ILGPU.Grid).Assembly.GetName().Name == "ILGPU" ? "ilgpu" : "own";
}
