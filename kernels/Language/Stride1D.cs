namespace ILGPU;

/// <summary>How the elements of a one-dimensional view follow each other.</summary>
public interface IStride1D;

/// <summary>The strides of one-dimensional views.</summary>
public static class Stride1D
{
    /// <summary>One element after the other, the only stride that the kernels use.</summary>
    public readonly struct Dense : IStride1D;
}
