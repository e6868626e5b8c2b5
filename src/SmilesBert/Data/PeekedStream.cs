namespace SmilesBert.Data;

/// <summary>A stream whose first bytes can be looked at before they are read: what a pipe needs to be told apart by content.</summary>
internal sealed class PeekedStream(Stream rest) : ForwardStream
{
    private byte[] head = [];
    private int served;

    /// <summary>
    /// The stream's first bytes: at least <paramref name="least"/> of them and on to the first line's end, but no more than
    /// <paramref name="most"/>; fewer where the stream ends. To be called once, before any read.
    /// </summary>
    public ReadOnlySpan<byte> Peek(int least, int most)
    {
        head = new byte[most];
        int filled = 0;
        while (filled < most && (filled < least || !head.AsSpan(0, filled).Contains((byte)'\n')))
        {
            int got = rest.Read(head, filled, most - filled);
            if (got == 0) break;
            filled += got;
        }
        Array.Resize(ref head, filled);
        return head;
    }

    public override int Read(Span<byte> buffer)
    {
        if (served == head.Length) return rest.Read(buffer);
        int count = Math.Min(buffer.Length, head.Length - served);
        head.AsSpan(served, count).CopyTo(buffer);
        served += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}
