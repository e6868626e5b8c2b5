using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class StoppableStreamTests
{
    [Fact]
    public void Read_GivesEveryByteOnce_HoweverFewAreAskedFor()
    {
        byte[] bytes = new byte[200_000];
        new Random(3).NextBytes(bytes);
        using StoppableStream stream = new(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        List<byte> read = [];
        byte[] buffer = new byte[100_000];
        for (int asked = 1, count; (count = stream.Read(buffer, 0, Math.Min(asked, buffer.Length))) > 0; asked *= 3) read.AddRange(buffer[..count]);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public void Read_OfBytesThatNeverCome_CanBeStopped_AndLeavesTheStreamOpen()
    {
        using CancellationTokenSource stop = new();
        using Endless endless = new();
        using (StoppableStream stream = new(endless, stop.Token))
        {
            stop.CancelAfter(TimeSpan.FromMilliseconds(50));
            Assert.ThrowsAny<OperationCanceledException>(() => stream.Read(new byte[10], 0, 10));
        }
        Assert.False(endless.Closed);
        endless.Release.Set();
    }

    [Fact]
    public void Dispose_WithoutAStop_ClosesTheStream()
    {
        Endless endless = new();
        new StoppableStream(endless, CancellationToken.None).Dispose();
        Assert.True(endless.Closed);
    }

    /// <summary>Keeps its reader waiting.</summary>
    private sealed class Endless : MemoryStream
    {
        public ManualResetEventSlim Release { get; } = new();

        public bool Closed { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Release.Wait();
            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            Closed = true;
            base.Dispose(disposing);
        }
    }
}
