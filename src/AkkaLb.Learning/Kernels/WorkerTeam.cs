using System.Runtime.ExceptionServices;

namespace AkkaLb.Learning.Kernels;

/// <summary>Work that is divided into numbered, independent parts.</summary>
internal interface IParallelWork
{
    /// <summary>Does part <paramref name="part"/>; called once for each part, on any thread.</summary>
    void Execute(int part);
}

/// <summary>
/// A few threads that stay alive between calls, for parallel sections of tens of microseconds. A call allocates nothing; the
/// calling thread takes part, so a team of one is a plain loop. Which thread does which part is open: work must not depend on it.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>
    /// Looks of some tens of nanoseconds each: a few microseconds, so that an oversubscribed machine is not kept from other work.
    /// </summary>
    private const int SpinsBeforeSleep = 60;

    private readonly Lock _caller = new();
    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private IParallelWork? _work;
    private Exception? _failure;

    // One word says it all, so that a late worker can never mistake a part of one call for a part of another:
    // call number (32 bits), number of parts (16 bits), next part (16 bits).
    private long _ticket;
    private int _finished;
    private int _sleeping;
    private bool _stopping;

    /// <param name="threads">Threads that take part, the caller included; at least 1.</param>
    public WorkerTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = $"learning-{i + 1}" };
            _threads[i].Start();
        }
    }

    public int Threads => _threads.Length + 1;

    /// <summary>
    /// Does parts 0 … parts − 1 and returns when all are done. An exception of a part is thrown here as it is, once no part is under way;
    /// those after it may be left undone.
    /// </summary>
    /// <param name="parts">At most 32,767.</param>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    public void Run(IParallelWork work, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, short.MaxValue);
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (parts <= 1 || _threads.Length == 0)
        {
            for (int part = 0; part < parts; part++)
            {
                work.Execute(part);
            }

            return;
        }

        lock (_caller)
        {
            _work = work;
            _failure = null;
            _finished = 0;
            long call = (Volatile.Read(ref _ticket) >>> 32) + 1;
            Interlocked.Exchange(ref _ticket, (call << 32) | ((long)parts << 16));
            if (Volatile.Read(ref _sleeping) > 0)
            {
                lock (_gate)
                {
                    Monitor.PulseAll(_gate);
                }
            }

            TakeParts();
            var spin = new SpinWait();
            while (Volatile.Read(ref _finished) < parts)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            _work = null;
            if (_failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    /// <summary>Stops the threads and waits for them to end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Serve()
    {
        long served = 0;
        while (WaitForCall(ref served))
        {
            TakeParts();
        }
    }

    /// <summary>Spins for some microseconds, as the next section of a training step usually follows at once, then sleeps.</summary>
    private bool WaitForCall(ref long served)
    {
        for (int spins = 0; ; spins++)
        {
            long call = Volatile.Read(ref _ticket) >>> 32;
            if (Volatile.Read(ref _stopping))
            {
                return false;
            }

            if (call != served)
            {
                served = call;
                return true;
            }

            if (spins < SpinsBeforeSleep)
            {
                Thread.SpinWait(4);
                continue;
            }

            lock (_gate)
            {
                // The full fence orders this announcement before the next look at the ticket; Run does the reverse.
                Interlocked.Increment(ref _sleeping);
                while (!_stopping && Volatile.Read(ref _ticket) >>> 32 == served)
                {
                    Monitor.Wait(_gate);
                }

                Interlocked.Decrement(ref _sleeping);
            }
        }
    }

    private void TakeParts()
    {
        while (true)
        {
            long seen = Volatile.Read(ref _ticket);
            int part = (int)(seen & 0xFFFF), parts = (int)((seen >> 16) & 0xFFFF);
            if (part >= parts)
            {
                return;
            }

            // The part is ours only if the ticket is still that of the same call; then the call cannot end before we have done it.
            if (Interlocked.CompareExchange(ref _ticket, seen + 1, seen) == seen)
            {
                try
                {
                    _work!.Execute(part);
                }
                catch (Exception e)
                {
                    _failure = e;
                }

                Interlocked.Increment(ref _finished);
            }
        }
    }
}
