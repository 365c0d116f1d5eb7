using Akka.Actor;
using Akka.Event;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// The cluster's singleton: plays the runs that the database holds, and after the death of its node the next one does. A run that cannot go
/// on now, because the database is gone, is tried again.
/// </summary>
internal sealed class RunsActor : ReceiveActor, IWithTimers
{
    /// <summary>Of the singleton, and of the actor that starts it.</summary>
    public const string Name = "runs";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // How long one whose term is over leaves the runs alone, counted from when the new holder was last heard of.
    private static readonly TimeSpan Unheard = TimeSpan.FromSeconds(10);

    // Of one run, without an end between them.
    private const int MaxFailures = 10;

    private readonly Dictionary<string, CancellationTokenSource> _playing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RunStore _store;
    private readonly Func<string, long, ClusterRun> _run;
    private readonly int _runs;
    private bool _isHandingOver, _isLooking, _isOvertaken;

    // Of this node as holder of the runs; 0: not begun yet, or over.
    private long _term;

    /// <param name="run">Makes the session of a run, given its name and the term.</param>
    /// <param name="runs">Played at once, at most.</param>
    public RunsActor(RunStore store, Func<string, long, ClusterRun> run, int runs)
    {
        (_store, _run, _runs) = (store, run, runs);
        Receive<LookForRuns>(_ => OnLook());
        Receive<TermAsked>(asked =>
        {
            _isLooking = false;
            if (asked.Term is { } term)
            {
                (_term, _isOvertaken) = (term, false);
                _log.Info("This node holds the cluster's runs, in term {0}", _term);
                OnLook();
            }
        });
        Receive<TermIsOver>(_ =>
        {
            _isLooking = false;
            OnOvertaken();
        });
        Receive<Found>(found =>
        {
            _isLooking = false;
            foreach (string name in found.Runs.Where(name => !_playing.ContainsKey(name)).ToArray())
            {
                if (!_isHandingOver && _term != 0 && _playing.Count < _runs)
                {
                    Play(name);
                }
            }
        });
        Receive<NothingFound>(nothing =>
        {
            _isLooking = false;
            _log.Warning("Runs cannot be looked for: {0}", nothing.Reason.Message);
        });
        Receive<Ended>(OnEnded);
        Receive<GivenUp>(run =>
        {
            if (run.Failure is { } failure)
            {
                _log.Warning("Run {0} cannot be given up, and is played again: {1}", run.Name, failure.Message);
            }
            Remove(run.Name);
        });
        Receive<HandOver>(_ =>
        {
            _isHandingOver = true;
            StopAll();
            EndIfDone();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RunStore store, Func<string, long, ClusterRun> run, int runs) =>
        Akka.Actor.Props.Create(() => new RunsActor(store, run, runs));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(LookForRuns.Instance, LookForRuns.Instance, TimeSpan.Zero, Look);
    }

    protected override void PostStop() => StopAll();

    private void StopAll()
    {
        foreach (CancellationTokenSource stop in _playing.Values)
        {
            stop.Cancel();
        }
    }

    private void OnLook()
    {
        if (_isLooking || _isHandingOver)
        {
            return;
        }
        if (_term == 0 && _playing.Count > 0)
        {
            // What it played in its last term ends first.
            return;
        }
        _isLooking = true;
        if (_term == 0)
        {
            _store.TakeTermAsync(_isOvertaken ? Unheard : TimeSpan.Zero)
                .PipeTo(Self, success: term => new TermAsked(term), failure: reason => new NothingFound(reason));
            return;
        }
        LookAsync(_term).PipeTo(Self, failure: reason => new NothingFound(reason));
    }

    private async Task<object> LookAsync(long term) =>
        await _store.HoldTermAsync(term) ? new Found(await _store.OpenRunsAsync()) : TermIsOver.Instance;

    /// <summary>
    /// Another node has begun a term. To the others of its cluster this one may be dead, and it will hear of it; else the other one is of
    /// another cluster on the same database, and this one waits until nothing is heard of that.
    /// </summary>
    private void OnOvertaken()
    {
        if (_term != 0)
        {
            _log.Warning(
                "Term {0} of this node is over: another one holds the runs, perhaps of another cluster on this database; waiting",
                _term);
            (_term, _isOvertaken) = (0, true);
            StopAll();
        }
    }

    private void Play(string name)
    {
        CancellationTokenSource stop = new();
        _playing.Add(name, stop);
        ClusterRun run = _run(name, _term);
        Task.Run(() => run.PlayAsync(stop.Token), CancellationToken.None)
            .PipeTo(Self, success: () => new Ended(name, run, null), failure: reason => new Ended(name, run, reason));
    }

    private void OnEnded(Ended ended)
    {
        if (Cause(ended.Failure) is { } failure)
        {
            _log.Warning("Run {0}: {1}", ended.Name, failure.Message);
            if (failure is RunTakenOverException)
            {
                OnOvertaken();
            }
            int failures = _failures[ended.Name] = _failures.GetValueOrDefault(ended.Name) + 1;
            // The database may have been gone; where it is, no run is found and none fails.
            bool isFinal = failure is RunFailedException { IsFinal: true } || failures > MaxFailures;
            if (!_isHandingOver && _term != 0 && isFinal)
            {
                // Until the database has it, the run is found there: it is at play here, lest it is begun again.
                ended.Run.FailAsync(failure.Message).PipeTo(
                    Self, success: () => new GivenUp(ended.Name, null), failure: reason => new GivenUp(ended.Name, reason));
                return;
            }
        }
        else
        {
            _failures.Remove(ended.Name);
        }
        Remove(ended.Name);
    }

    private void Remove(string name)
    {
        _playing.Remove(name, out CancellationTokenSource? stop);
        stop?.Dispose();
        EndIfDone();
    }

    /// <summary>Failed tasks wrap what was thrown.</summary>
    private static Exception? Cause(Exception? failure) =>
        failure is AggregateException { InnerException: { } inner } ? Cause(inner) : failure;

    private void EndIfDone()
    {
        if (_isHandingOver && _playing.Count == 0)
        {
            Context.Stop(Self);
        }
    }

    /// <summary>This node leaves: end what is played, so that another node goes on.</summary>
    internal sealed record HandOver : INoSerializationVerificationNeeded
    {
        public static HandOver Instance { get; } = new();
    }

    /// <param name="Term">Null: another node holds the runs.</param>
    private sealed record TermAsked(long? Term) : INoSerializationVerificationNeeded;

    private sealed record TermIsOver : INoSerializationVerificationNeeded
    {
        public static TermIsOver Instance { get; } = new();
    }

    private sealed record Found(IReadOnlyList<string> Runs) : INoSerializationVerificationNeeded;

    private sealed record NothingFound(Exception Reason) : INoSerializationVerificationNeeded;

    private sealed record Ended(string Name, ClusterRun Run, Exception? Failure) : INoSerializationVerificationNeeded;

    /// <param name="Failure">Why the database does not know that it has failed; null: it does.</param>
    private sealed record GivenUp(string Name, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed class LookForRuns : INotInfluenceReceiveTimeout
    {
        public static LookForRuns Instance { get; } = new();
    }
}
