namespace SmilesBert.Kernels;

/// <summary>What a launcher needs of a device: to start a kernel over groups of threads. Launches run in order.</summary>
public interface IKernelDevice
{
    /// <summary>Lanes in a warp: 32 on NVIDIA's devices; kernels that give a warp a row count their groups with it.</summary>
    int WarpSize { get; }

    /// <summary>Starts a kernel; <typeparamref name="TArgs"/> is inferred from the arguments.</summary>
    /// <param name="kernel">A static method; compiled when it is first launched.</param>
    /// <param name="groups">Groups of threads, at least 1: a launcher with nothing to do returns before.</param>
    /// <param name="threads">Threads in each group, a multiple of the warp size.</param>
    /// <param name="args">Views and scalars, by value.</param>
    /// <param name="sharedBytes">Dynamic shared memory of each group, in bytes.</param>
    void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0) where TArgs : struct;
}
