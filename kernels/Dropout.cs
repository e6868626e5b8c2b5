// Dropout: Y[i] = X[i] * Scale where element i is kept, 0 where it is dropped. Its own gradient: Backward is the same on DY.
//
// The mask is drawn again wherever it is needed, a function of the mask's fields and the element's place. Y may be X.
namespace SmilesBert.Kernels;

public static class Dropout
{
    public readonly record struct Args(
        FloatView Y,                                        // (Count)               out =
        FloatView X,                                        // (Count)               in
        int Count, DropoutMask Mask);

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.Count == 0) return;
        device.Launch(Kernel, groups: Elements.Groups((a.Count + 3) / 4), threads: Elements.Threads, a);
    }

    // Four elements a thread, since a counter gives four words.
    internal static void Kernel(Args a)
    {
        for (int four = Grid.GlobalIndex.X; four < (a.Count + 3) / 4; four += Grid.DimX * Group.DimX)
        {
            Philox.Words words = default;
            if (a.Mask.Rate > 0f) words = a.Mask.Words((uint)four, 0u);
            Apply(a, four * 4, words.A);
            Apply(a, (four * 4) + 1, words.B);
            Apply(a, (four * 4) + 2, words.C);
            Apply(a, (four * 4) + 3, words.D);
        }
    }

    // With rate 0 any word keeps.
    private static void Apply(Args a, int i, uint word)
    {
        if (i < a.Count) a.Y[i] = a.X[i] * a.Mask.Factor(word);
    }
}
