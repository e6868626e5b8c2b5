using System.Buffers.Binary;
using System.IO.Compression;

namespace SmilesBert.Data;

/// <summary>
/// Expands gzip as it is read, and refuses a file that ends too early, which <see cref="GZipStream"/> lets pass as a short one.
/// A gzip member ends with its expanded length modulo 2^32 (RFC 1952, ISIZE): for a file of one member that must be what came out;
/// for one of several (block gzip) it is the last member's, which can only be less.
/// </summary>
internal sealed class GzipReadStream : ForwardStream
{
    private readonly TailStream compressed;
    private readonly GZipStream expanded;
    private ulong total;

    public GzipReadStream(Stream source)
    {
        compressed = new TailStream(source);
        expanded = new GZipStream(compressed, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The file is damaged or ends too early.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        int count = expanded.Read(buffer);
        total += (uint)count;
        if (count == 0 && !EndsWhole()) throw new InvalidDataException("the gzip data ends too early");
        return count;
    }

    private bool EndsWhole()
    {
        uint length = BinaryPrimitives.ReverseEndianness((uint)compressed.Tail);
        return compressed.Members == 1 ? length == (uint)total : length <= total;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) expanded.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Passes bytes on, remembering the last eight and counting what looks like a member's first three.</summary>
    private sealed class TailStream(Stream source) : ForwardStream
    {
        private const uint MemberStart = 0x1F8B08;

        public ulong Tail { get; private set; }
        public long Members { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int count = source.Read(buffer);
            ulong tail = Tail;
            foreach (byte b in buffer[..count])
            {
                tail = (tail << 8) | b;
                if ((tail & 0xFFFFFF) == MemberStart) Members++;
            }
            Tail = tail;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Dispose();
            base.Dispose(disposing);
        }
    }
}
