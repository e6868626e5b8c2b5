using System.Runtime.InteropServices;

namespace SmilesBert.Weights;

/// <summary>Little-endian stored values to floats.</summary>
internal static class FloatConversion
{
    // Elements converted at a time: a span's length in bytes must stay an int, and a buffer for a stream small.
    private const int Chunk = 1 << 18;

    /// <summary>As many elements as <paramref name="destination"/> holds, from <paramref name="source"/>, which may hold more.</summary>
    public static void Convert(DType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case DType.F32:
                MemoryMarshal.Cast<byte, float>(source)[..destination.Length].CopyTo(destination);
                break;
            case DType.F16:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(source);
                for (int i = 0; i < destination.Length; i++) destination[i] = (float)halves[i];
                break;
            case DType.BF16:                                      // the upper half of a float
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(source);
                for (int i = 0; i < destination.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                break;
            case DType.F64:
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(source);
                for (int i = 0; i < destination.Length; i++) destination[i] = (float)doubles[i];
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    /// <summary>The elements that begin <paramref name="offset"/> bytes into the file.</summary>
    public static void Convert(DType type, MappedFile source, long offset, Span<float> destination)
    {
        int size = type.Bits() / 8;
        for (int done = 0; done < destination.Length; done += Chunk)
        {
            Span<float> part = destination[done..Math.Min(done + Chunk, destination.Length)];
            Convert(type, source.Span(offset + (long)done * size, part.Length * size), part);
        }
    }

    /// <summary>The next elements of the stream.</summary>
    /// <exception cref="EndOfStreamException">It ends before them.</exception>
    public static void Convert(DType type, Stream source, Span<float> destination)
    {
        int size = type.Bits() / 8;
        byte[] buffer = type == DType.F32 ? [] : new byte[Math.Min(destination.Length, Chunk) * size];
        for (int done = 0; done < destination.Length; done += Chunk)
        {
            Span<float> part = destination[done..Math.Min(done + Chunk, destination.Length)];
            Span<byte> bytes = type == DType.F32 ? MemoryMarshal.AsBytes(part) : buffer.AsSpan(0, part.Length * size);
            source.ReadExactly(bytes);
            if (type != DType.F32) Convert(type, bytes, part);
        }
    }
}
