namespace SmilesBert.Ops.Cpu;

/// <summary>
/// The threads that share an operation's work: the calling one and <c>Count - 1</c> workers that wait between operations.
/// Work comes as a range of independent items, so the result does not depend on who takes which.
/// <para>The caller waits for pieces, not for threads: on a busy machine a worker that wakes too late finds nothing left, and nobody waited for it.</para>
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    // A worker looks for new work this often before it goes to sleep: operations follow each other within microseconds.
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] workers;
    private readonly Dictionary<Type, Job> jobs = [];       // one cell per argument type, so that a call allocates nothing
    private readonly object gate = new();
    private Job current = null!;                            // may change only while no piece is taken or left
    private int left;                                       // pieces nobody has taken yet
    private int unfinished;                                 // pieces not done yet, taken or not
    private int sleeping;
    private bool stopping;
    private Exception? failure;

    public ThreadTeam(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        workers = new Thread[count - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { IsBackground = true, Name = $"ops {i + 1}" };
            workers[i].Start();
        }
    }

    public int Count => workers.Length + 1;

    /// <summary>
    /// Calls <paramref name="body"/>(args, from, to) until every item of [0, <paramref name="items"/>) is done, in pieces of
    /// <paramref name="grain"/> items. The body must be static (a static lambda) and may not call the team.
    /// </summary>
    public void For<TArgs>(int items, int grain, TArgs args, Action<TArgs, int, int> body)
    {
        if (items <= grain || workers.Length == 0)
        {
            if (items > 0) body(args, 0, items);
            return;
        }
        if (!jobs.TryGetValue(typeof(TArgs), out Job? cell)) jobs.Add(typeof(TArgs), cell = new Job<TArgs>());
        Job<TArgs> job = (Job<TArgs>)cell;
        job.Prepare(args, body, items, grain);

        current = job;
        int pieces = (items + grain - 1) / grain;
        unfinished = pieces;
        Interlocked.Exchange(ref left, pieces);             // opens the job; everything above is visible to whoever takes a piece
        if (Volatile.Read(ref sleeping) > 0)
            lock (gate) Monitor.PulseAll(gate);

        while (TryTakePiece(out int piece)) Run(piece);
        SpinWait spin = default;
        while (Volatile.Read(ref unfinished) > 0) spin.SpinOnce(sleep1Threshold: -1);

        if (failure is not null && Interlocked.Exchange(ref failure, null) is { } error) throw new InvalidOperationException(error.Message, error);
    }

    public void Dispose()
    {
        Volatile.Write(ref stopping, true);
        lock (gate) Monitor.PulseAll(gate);
        foreach (Thread worker in workers) worker.Join();
    }

    private void Work()
    {
        while (!Volatile.Read(ref stopping))
        {
            if (TryTakePiece(out int piece)) Run(piece);
            else WaitForWork();
        }
    }

    private void WaitForWork()
    {
        for (int spins = 0; spins < SpinsBeforeSleep; spins++)
        {
            if (Volatile.Read(ref left) > 0 || Volatile.Read(ref stopping)) return;
            Thread.SpinWait(10);
        }
        lock (gate)
        {
            // Interlocked, so that either this thread sees the work or the one that brings it sees this thread asleep.
            Interlocked.Increment(ref sleeping);
            while (Volatile.Read(ref left) == 0 && !stopping) Monitor.Wait(gate);
            Interlocked.Decrement(ref sleeping);
        }
    }

    // Whoever takes a piece reads the job afterwards: it is that piece's own, as no new job opens before the piece is done.
    private bool TryTakePiece(out int piece)
    {
        int seen = Volatile.Read(ref left);
        while (seen > 0)
        {
            int found = Interlocked.CompareExchange(ref left, seen - 1, seen);
            if (found == seen) break;
            seen = found;
        }
        piece = seen - 1;
        return seen > 0;
    }

    private void Run(int piece)
    {
        try { current.Run(piece); }
        catch (Exception error) { Interlocked.CompareExchange(ref failure, error, null); }
        Interlocked.Decrement(ref unfinished);
    }

    private abstract class Job
    {
        public abstract void Run(int piece);
    }

    private sealed class Job<TArgs> : Job
    {
        private TArgs args = default!;
        private Action<TArgs, int, int> body = null!;
        private int items, grain;

        public void Prepare(TArgs args, Action<TArgs, int, int> body, int items, int grain)
        {
            this.args = args;
            this.body = body;
            this.items = items;
            this.grain = grain;
        }

        public override void Run(int piece) => body(args, piece * grain, Math.Min(piece * grain + grain, items));
    }
}
