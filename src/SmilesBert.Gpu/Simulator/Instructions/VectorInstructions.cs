using System.Runtime.Intrinsics;

namespace SmilesBert.Gpu.Simulator;

// The hot instructions: 256 bits of lanes at a time. An operation has no side effects, so all lanes are computed and the inactive ones kept as they were.

internal interface IVectorUnary<T> where T : unmanaged
{
    static abstract Vector256<T> Apply(Vector256<T> a);
}

internal interface IVectorBinary<T> where T : unmanaged
{
    static abstract Vector256<T> Apply(Vector256<T> a, Vector256<T> b);
}

internal interface IVectorTernary<T> where T : unmanaged
{
    static abstract Vector256<T> Apply(Vector256<T> a, Vector256<T> b, Vector256<T> c);
}

internal sealed unsafe class VectorUnary<T, TOperation>(int destination, int a) : Instruction
    where T : unmanaged where TOperation : struct, IVectorUnary<T>
{
    public override void Execute(WarpState warp, uint mask)
    {
        T* d = (T*)(warp.Registers + destination), ra = (T*)(warp.Registers + a);
        for (int lane = 0; lane < Lanes.Count; lane += Vector256<T>.Count)
            Lanes.Store(d, lane, mask, TOperation.Apply(Vector256.Load(ra + lane)));
    }
}

internal sealed unsafe class VectorBinary<T, TOperation>(int destination, int a, int b) : Instruction
    where T : unmanaged where TOperation : struct, IVectorBinary<T>
{
    public override void Execute(WarpState warp, uint mask)
    {
        T* d = (T*)(warp.Registers + destination), ra = (T*)(warp.Registers + a), rb = (T*)(warp.Registers + b);
        for (int lane = 0; lane < Lanes.Count; lane += Vector256<T>.Count)
            Lanes.Store(d, lane, mask, TOperation.Apply(Vector256.Load(ra + lane), Vector256.Load(rb + lane)));
    }
}

internal sealed unsafe class VectorTernary<T, TOperation>(int destination, int a, int b, int c) : Instruction
    where T : unmanaged where TOperation : struct, IVectorTernary<T>
{
    public override void Execute(WarpState warp, uint mask)
    {
        T* d = (T*)(warp.Registers + destination), ra = (T*)(warp.Registers + a), rb = (T*)(warp.Registers + b), rc = (T*)(warp.Registers + c);
        for (int lane = 0; lane < Lanes.Count; lane += Vector256<T>.Count)
            Lanes.Store(d, lane, mask, TOperation.Apply(Vector256.Load(ra + lane), Vector256.Load(rb + lane), Vector256.Load(rc + lane)));
    }
}

/// <summary>selp: a where the predicate holds, b elsewhere.</summary>
internal sealed unsafe class SelectInstruction<T>(int destination, int a, int b, int predicate, bool isNegated) : Instruction where T : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        T* d = (T*)(warp.Registers + destination), ra = (T*)(warp.Registers + a), rb = (T*)(warp.Registers + b);
        uint chosen = warp.Registers[predicate] ^ (isNegated ? Lanes.All : 0);
        for (int lane = 0; lane < Lanes.Count; lane += Vector256<T>.Count)
            Lanes.Store(d, lane, mask, Vector256.ConditionalSelect(Lanes.Select<T>(chosen, lane), Vector256.Load(ra + lane), Vector256.Load(rb + lane)));
    }
}
