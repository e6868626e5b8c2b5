using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmilesBert.Weights;

/// <summary>Writes F32 safetensors files. The same tensors give the same bytes, in whatever order they are listed.</summary>
public static class SafetensorsWriter
{
    /// <summary>Fills <paramref name="destination"/> with the values, row-major, of tensor <paramref name="index"/> of the list given to the writer.</summary>
    public delegate void TensorData(int index, Span<float> destination);

    /// <summary>
    /// Writes the file whole or not at all (<see cref="AtomicFile"/>). One tensor at a time is held in memory.
    /// All elements are F32 and so of one alignment: the tensors stand in the order of their names.
    /// </summary>
    /// <param name="path">The file, replaced where it exists.</param>
    /// <param name="tensors">Names, each once, and shapes.</param>
    /// <param name="read">Gives each tensor's values when it is their turn.</param>
    /// <param name="metadata">The header's __metadata__; transformers wants "format" to be "pt" there. Null or empty for none.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">A name stands twice or is the format's own, or a size is negative.</exception>
    public static void Write(
        string path, IReadOnlyList<(string Name, int[] Shape)> tensors, TensorData read, IReadOnlyDictionary<string, string>? metadata)
    {
        int[] order = [.. Enumerable.Range(0, tensors.Count).OrderBy(i => tensors[i].Name, StringComparer.Ordinal)];
        int[] lengths = [.. tensors.Select(tensor => Elements(tensor.Name, tensor.Shape))];
        for (int i = 1; i < order.Length; i++)
            if (tensors[order[i]].Name == tensors[order[i - 1]].Name)
                throw new ArgumentException($"The tensor {tensors[order[i]].Name} is listed twice.", nameof(tensors));

        byte[] header = Header(tensors, order, lengths, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            float[] buffer = new float[lengths.DefaultIfEmpty().Max()];
            foreach (int i in order)
            {
                Span<float> values = buffer.AsSpan(0, lengths[i]);
                read(i, values);
                WriteFloats(stream, values);
            }
        });
    }

    private static int Elements(string name, int[] shape)
    {
        if (name == "__metadata__") throw new ArgumentException("The name __metadata__ belongs to the format.");
        int product = 1;
        foreach (int size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, name);
            product = checked(product * size);
        }
        return product;
    }

    private static byte[] Header(
        IReadOnlyList<(string Name, int[] Shape)> tensors, int[] order, int[] lengths, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream header = new();
        header.Write(stackalloc byte[8]);
        using (Utf8JsonWriter json = new(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }

            long end = 0;
            foreach (int i in order)
            {
                long begin = end;
                end += sizeof(float) * (long)lengths[i];
                json.WriteStartObject(tensors[i].Name);
                json.WriteString("dtype", nameof(DType.F32));
                WriteIntegers(json, "shape", tensors[i].Shape);
                WriteIntegers(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 8 != 0) header.WriteByte((byte)' ');

        byte[] bytes = header.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)bytes.Length - 8);
        return bytes;
    }

    private static void WriteIntegers<T>(Utf8JsonWriter json, string name, ReadOnlySpan<T> values) where T : struct, IConvertible
    {
        json.WriteStartArray(name);
        foreach (T value in values) json.WriteNumberValue(value.ToInt64(null));
        json.WriteEndArray();
    }

    private static void WriteFloats(Stream stream, ReadOnlySpan<float> values)
    {
        const int Chunk = 1 << 20;                                // a span's length in bytes must stay an int
        for (; values.Length > Chunk; values = values[Chunk..]) stream.Write(MemoryMarshal.AsBytes(values[..Chunk]));
        stream.Write(MemoryMarshal.AsBytes(values));
    }
}
