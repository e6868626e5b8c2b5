namespace SmilesBert.Data;

/// <summary>
/// A stream whose reads can be stopped, even one that waits for bytes that never come: it reads on a thread of its own, which is left behind then.
/// </summary>
internal sealed class StoppableStream(Stream rest, CancellationToken stop) : ForwardStream
{
    private readonly byte[] held = new byte[1 << 16];   // not the caller's memory: a read that is left behind may still write to it
    private int from, to;

    public override int Read(Span<byte> buffer)
    {
        if (from == to)
        {
            Task<int> reading = Task.Run(() => rest.Read(held), CancellationToken.None);
            (from, to) = (0, reading.WaitAsync(stop).GetAwaiter().GetResult());
        }
        int count = Math.Min(buffer.Length, to - from);
        held.AsSpan(from, count).CopyTo(buffer);
        from += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        // To close standard input would wait for a read that was left behind.
        if (disposing && !stop.IsCancellationRequested) rest.Dispose();
        base.Dispose(disposing);
    }
}
