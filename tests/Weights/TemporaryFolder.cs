using System.Buffers.Binary;
using System.Text;

namespace SmilesBert.Tests.Weights;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("smilesbert-weights-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.Delete(this[name]);                                  // some file systems flush a file that is cut to nothing and written anew
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    /// <summary>A safetensors file of this header, as it stands, and so many zero bytes of data.</summary>
    public string WriteSafetensors(string header, int dataBytes = 0, string name = "model.safetensors")
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        return Write(name, bytes);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
