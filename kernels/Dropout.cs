// Dropout: Y[i] = X[i] * Scale where element i is kept, 0 where it is dropped. Its own gradient: Backward is the same on DY.
//
// The mask is drawn again wherever it is needed, a function of the mask's fields and the element's place. Y may be X.
namespace SmilesBert.Kernels;

public static class Dropout
{
    public readonly record struct Args(
        FloatView Y,                                        // (Count)               out =
        FloatView X,                                        // (Count)               in
        int Count, DropoutMask Mask)
    {
        internal int Wide { get; init; }                    // 1: read and written with 128 bits
    }

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.Count == 0) return;
        Args args = a with { Wide = a.Count % 4 == 0 && Float4.Fits(a.X) && Float4.Fits(a.Y) ? 1 : 0 };
        device.Launch(Kernel, groups: Elements.Groups((a.Count + 3) / 4), threads: Elements.Threads, args);
    }

    // Four elements a thread, since a counter gives four words.
    internal static void Kernel(Args a)
    {
        for (int four = Grid.GlobalIndex.X; four < (a.Count + 3) / 4; four += Grid.DimX * Group.DimX)
        {
            Float4 x = Tile.Load(a.X, 0, four * 4, 1, a.Count, a.Wide);
            Tile.Store(a.Y, 0, four * 4, 1, a.Count, a.Wide, x.Times(a.Mask.FourFactors(four)));
        }
    }
}
