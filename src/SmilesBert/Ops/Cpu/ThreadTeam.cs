namespace SmilesBert.Ops.Cpu;

/// <summary>
/// The threads that share an operation's work: the calling one and <c>Count - 1</c> workers that wait between operations.
/// Work comes as a range of independent items, so the result does not depend on who takes which.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    // A worker looks for new work this often before it goes to sleep: operations follow each other within microseconds.
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] workers;
    private readonly Dictionary<Type, Job> jobs = [];       // one cell per argument type, so that a call allocates nothing
    private readonly object gate = new();
    private Job? current;
    private int generation;                                 // grows by one with each job
    private int sleeping, working;
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

        lock (gate)
        {
            current = job;
            working = workers.Length;
            generation++;
            if (sleeping > 0) Monitor.PulseAll(gate);
        }
        Attempt(job);
        SpinWait spin = default;
        while (Volatile.Read(ref working) > 0) spin.SpinOnce(sleep1Threshold: -1);

        if (Interlocked.Exchange(ref failure, null) is { } error) throw new InvalidOperationException(error.Message, error);
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            generation++;
            Monitor.PulseAll(gate);
        }
        foreach (Thread worker in workers) worker.Join();
    }

    private void Work()
    {
        int seen = 0;
        while (true)
        {
            for (int spins = 0; Volatile.Read(ref generation) == seen && spins < SpinsBeforeSleep; spins++) Thread.SpinWait(10);
            lock (gate)
            {
                sleeping++;
                while (generation == seen) Monitor.Wait(gate);
                sleeping--;
                seen = generation;
                if (stopping) return;
            }
            Attempt(current!);
            Interlocked.Decrement(ref working);
        }
    }

    private void Attempt(Job job)
    {
        try { job.TakePieces(); }
        catch (Exception error) { Interlocked.CompareExchange(ref failure, error, null); }
    }

    private abstract class Job
    {
        public abstract void TakePieces();
    }

    private sealed class Job<TArgs> : Job
    {
        private TArgs args = default!;
        private Action<TArgs, int, int> body = null!;
        private int items, grain, next;

        public void Prepare(TArgs args, Action<TArgs, int, int> body, int items, int grain)
        {
            this.args = args;
            this.body = body;
            this.items = items;
            this.grain = grain;
            next = 0;
        }

        public override void TakePieces()
        {
            int from;
            while ((from = Interlocked.Add(ref next, grain) - grain) < items) body(args, from, Math.Min(from + grain, items));
        }
    }
}
