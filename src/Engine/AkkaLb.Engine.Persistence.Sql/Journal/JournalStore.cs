using System.Collections.Concurrent;
using System.Diagnostics;

namespace AkkaLb.Engine;

/// <summary>
/// A journal's database. One thread writes: it takes all writes that wait, of all actors, into one transaction, so that
/// they share its way to the disk (group commit). Readers have connections of their own.
/// </summary>
internal abstract class JournalStore(int parallelism, int batchSize) : IDisposable
{
    /// <summary>The part of a commit's duration that the writer waits at most for as many writes as the last group had.</summary>
    private const double Patience = 0.25;

    /// <summary>Rows after which a group takes no more writes, so that no commit lasts long.</summary>
    private const int Enough = 5000;

    /// <summary>A wait for which it does not pay to sleep.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    private readonly BlockingCollection<JournalWork> _queue = [];
    private readonly SemaphoreSlim _reading = new(parallelism);
    private Thread? _writer;
    private int _expected;
    private TimeSpan _patience;

    /// <summary>The file or server, for errors.</summary>
    internal abstract string Name { get; }

    /// <summary>Events that one statement of a recovery reads.</summary>
    protected int BatchSize => batchSize;

    /// <summary>Stores rows together or not at all; the task ends when they are stored.</summary>
    internal Task Write(IReadOnlyList<JournalRow> rows) => Enqueue(new JournalWork(rows, "", 0));

    /// <summary>Deletes events up to a sequence number; the actor's last row stays, marked, so that its number is not given again.</summary>
    internal Task Delete(string persistenceId, long toSequenceNumber) => Enqueue(new JournalWork([], persistenceId, toSequenceNumber));

    /// <summary>The highest sequence number of an actor; 0 without events.</summary>
    internal Task<long> Highest(string persistenceId) => Read(() => ReadHighest(persistenceId));

    /// <summary>Calls back for the events of an actor in their order, both bounds included.</summary>
    internal Task Replay(string persistenceId, long from, long to, long max, Action<JournalRow> callback) => Read(() =>
    {
        ReadEvents(persistenceId, from, to, max, callback);
        return 0;
    });

    /// <summary>Ends after what was handed over.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _writer?.Join();
        Close();
    }

    /// <summary>Stores a group in one transaction; on the writer's thread.</summary>
    protected abstract void Transact(IReadOnlyList<JournalWork> group);

    /// <summary>Whether a transaction failed as one of its rows is stored already.</summary>
    protected abstract bool IsLateWriter(Exception failure);

    protected abstract long ReadHighest(string persistenceId);

    protected abstract void ReadEvents(string persistenceId, long from, long to, long max, Action<JournalRow> callback);

    /// <summary>Closes all connections; the writer has ended.</summary>
    protected abstract void Close();

    /// <summary>Starts the writer, at the end of a constructor.</summary>
    protected void StartWriter()
    {
        _writer = new Thread(WriteUntilClosed) { IsBackground = true, Name = "journal writer" };
        _writer.Start();
    }

    private async Task<T> Read<T>(Func<T> action)
    {
        await _reading.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(action).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    private Task Enqueue(JournalWork work)
    {
        _queue.Add(work);
        return work.Done.Task;
    }

    private void WriteUntilClosed()
    {
        foreach (JournalWork first in _queue.GetConsumingEnumerable())
        {
            List<JournalWork> group = [first];
            Gather(group);
            long start = Stopwatch.GetTimestamp();
            Commit(group);
            _patience = Stopwatch.GetElapsedTime(start) * Patience;
            _expected = group.Count;
            // Continuations run in the pool, one after the other, while the next group is stored.
            ThreadPool.UnsafeQueueUserWorkItem(static group => { foreach (JournalWork work in group) { work.End(); } }, group, preferLocal: false);
        }
    }

    // Actors that wait for each commit come back just after it, not all at once: without patience their writes fall into two groups, which halves the rate.
    private void Gather(List<JournalWork> group)
    {
        long start = Stopwatch.GetTimestamp();
        int rows = group[0].Rows.Count;
        while (true)
        {
            while (rows < Enough && _queue.TryTake(out JournalWork? next))
            {
                group.Add(next);
                rows += next.Rows.Count;
            }
            TimeSpan left = _patience - Stopwatch.GetElapsedTime(start);
            if (rows >= Enough || group.Count >= _expected || left <= TimeSpan.Zero) { return; }
            if (left < Short) { Thread.Yield(); }
            else if (_queue.TryTake(out JournalWork? late, left))
            {
                group.Add(late);
                rows += late.Rows.Count;
            }
        }
    }

    private void Commit(List<JournalWork> group)
    {
        try
        {
            Transact(group);
        }
        catch (Exception e) when (group.Count > 1 && IsLateWriter(e))
        {
            // One of them is a late writer's; each for itself shows which.
            foreach (JournalWork work in group) { Commit([work]); }
        }
        catch (Exception e)
        {
            foreach (JournalWork work in group) { work.Failure = e; }
        }
    }
}
