namespace ILGPU
{
    public interface IStride1D { }

    public static class Stride1D
    {
        public readonly struct Dense : IStride1D { }
    }
}

namespace ILGPU.Runtime
{
    public readonly struct ArrayView1D<T, TStride> where T : unmanaged where TStride : struct, IStride1D
    {
    }
}
