using ILGPU;
using SmilesBert.Gpu.Compiler;

namespace SmilesBert.Tests.Kernels;

/// <summary>What is no part of the kernel language is refused with the method, the place in its IL and the reason.</summary>
public sealed class CompilerRefusalTests
{
    private readonly record struct Args(ArrayView<int> Y, int N);

    private readonly record struct WithString(string Name);

    private interface INamed { int Number { get; } }

    private sealed class Box(int value) { public readonly int Value = value; }

    private static int counter;

    private static class Samples
    {
        public static void Throws(Args a)
        {
            if (a.N < 0) throw new InvalidOperationException("no");
        }

        public static void New(Args a) => a.Y[0] = new Box(a.N).Value;

        public static void Array(Args a) => a.Y[0] = (new int[4])[a.N];

        public static void Boxes(Args a)
        {
            object o = a.N;
            a.Y[0] = o.GetHashCode();
        }

        public static void Mutable(Args a) => a.Y[0] = counter++;

        public static void Try(Args a)
        {
            try { a.Y[0] = 1; }
            finally { a.Y[1] = 2; }
        }

        public static void Recursive(Args a) => a.Y[0] = Factorial(a.N);

        private static int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

        public static void Stack(Args a)
        {
            Span<int> span = stackalloc int[4];
            a.Y[0] = span[a.N];
        }

        public static void Checked(Args a) => a.Y[0] = checked(a.N + 1);

        public static void SharedOfUnknownSize(Args a) => a.Y[0] = SharedMemory.Allocate<int>(a.N)[0];

        public static void Interface(Args a) => a.Y[0] = Number(null!);

        private static int Number(INamed named) => named.Number;

        public static void Text(Args a) => a.Y[0] = "text".Length;

        public static void Remainder(Args a) => a.Y[0] = (int)(a.N * 0.5f % 3f);

        public static void Inside(Args a) => Deeper(a.N);

        private static void Deeper(int n)
        {
            if (n > 3) throw new InvalidOperationException();
        }

        public static void Reference(Args a)
        {
            int x = 1, y = 2;
            ref int either = ref x;
            if (a.N > 0) either = ref y;
            either = 3;
            a.Y[0] = x + y;
        }
    }

    [Theory]
    [InlineData(nameof(Samples.Throws), "kernels have no objects|nobody to catch|belongs to a class")]
    [InlineData(nameof(Samples.New), "Box.new belongs to a class, and kernels have no objects")]
    [InlineData(nameof(Samples.Array), "arrays are objects")]
    [InlineData(nameof(Samples.Boxes), "kernels have no objects")]
    [InlineData(nameof(Samples.Mutable), "counter is a static field that may change")]
    [InlineData(nameof(Samples.Try), "try blocks have no translation")]
    [InlineData(nameof(Samples.Recursive), "Factorial calls itself")]
    [InlineData(nameof(Samples.Stack), "Span|stackalloc")]
    [InlineData(nameof(Samples.Checked), "checked arithmetic throws")]
    [InlineData(nameof(Samples.SharedOfUnknownSize), "SharedMemory.Allocate takes a number that is known when the kernel is compiled")]
    [InlineData(nameof(Samples.Interface), "kernels have no objects|is not a struct of primitives")]
    [InlineData(nameof(Samples.Text), "belongs to a class")]
    [InlineData(nameof(Samples.Remainder), "the remainder of floating-point numbers")]
    [InlineData(nameof(Samples.Inside), "called from Inside")]
    [InlineData(nameof(Samples.Reference), "a reference may point to different variables")]
    public void Unsupported_IsRefusedWithTheReason(string kernel, string reason)
    {
        KernelCompileException e = Assert.Throws<KernelCompileException>(() => KernelCompiler.Compile(CompilerRun.Method(typeof(Samples), kernel)));
        Assert.Matches(reason, e.Message);
        Assert.Matches(@"^Samples\.\w+ at IL_[0-9A-F]{4}: .+\.$", e.Message);
        Assert.Equal(typeof(Samples), e.Method.DeclaringType);
    }

    private static class Signatures
    {
        public static void TwoArguments(Args a, int n) => a.Y[0] = n;
        public static void ByReference(in Args a) => a.Y[0] = 1;
        public static int Returns(Args a) => a.N;
        public static void Holds(WithString a) { }
    }

    [Theory]
    [InlineData(nameof(Signatures.TwoArguments), "takes one argument by value and returns nothing")]
    [InlineData(nameof(Signatures.ByReference), "takes one argument by value and returns nothing")]
    [InlineData(nameof(Signatures.Returns), "takes one argument by value and returns nothing")]
    [InlineData(nameof(Signatures.Holds), "its argument cannot be passed: WithString.Name: System.String is not a struct of primitives")]
    public void Signatures_AreCheckedFirst(string kernel, string reason)
    {
        KernelCompileException e = Assert.Throws<KernelCompileException>(() => KernelCompiler.Compile(CompilerRun.Method(typeof(Signatures), kernel)));
        Assert.Contains(reason, e.Message);
        Assert.Equal(0, e.Offset);
    }
}
