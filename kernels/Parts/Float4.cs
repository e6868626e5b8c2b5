using System.Runtime.InteropServices;

namespace SmilesBert.Kernels;

/// <summary>Four floats that travel as one 128-bit access.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct Float4(float x, float y, float z, float w)
{
    public float X = x, Y = y, Z = z, W = w;

    /// <summary>this + scale * v.</summary>
    public readonly Float4 MulAdd(float scale, Float4 v) => new(X + (scale * v.X), Y + (scale * v.Y), Z + (scale * v.Z), W + (scale * v.W));

    /// <summary>this + v.</summary>
    public readonly Float4 Plus(Float4 v) => new(X + v.X, Y + v.Y, Z + v.Z, W + v.W);

    /// <summary>this - v.</summary>
    public readonly Float4 Minus(Float4 v) => new(X - v.X, Y - v.Y, Z - v.Z, W - v.W);

    /// <summary>this * scale.</summary>
    public readonly Float4 Times(float scale) => new(X * scale, Y * scale, Z * scale, W * scale);

    /// <summary>this * v, element by element.</summary>
    public readonly Float4 Times(Float4 v) => new(X * v.X, Y * v.Y, Z * v.Z, W * v.W);

    /// <summary>Whether a view begins on 16 bytes, as 128-bit accesses need it. An empty one does. For launchers.</summary>
    internal static bool Fits(FloatView view) => view.Length == 0 || view.BaseView.LoadEffectiveAddressAsPtr() % 16 == 0;
}
