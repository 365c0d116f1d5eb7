using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;
using Serilog;

namespace AkkaLb.Runtime.Journals;

/// <summary>The journal of a run that is going on.</summary>
internal sealed class RunJournal
{
    private readonly CancellationTokenSource _failed = new();
    private readonly Lock _gate = new();
    private readonly Task<IActorRef> _run;

    // What came before the run's actor was there.
    private readonly List<IJournalEvent> _early = [];
    private IActorRef? _ready;

    /// <param name="start">Starts the run's actor; called at once, not waited for.</param>
    public RunJournal(Func<Task<IActorRef>> start) => _run = Task.Run(async () =>
    {
        IActorRef run = await start();
        lock (_gate)
        {
            _early.ForEach(happened => Tell(run, happened));
            _early.Clear();
            _ready = run;
        }
        return run;
    });

    /// <summary>Why it can store nothing more, in one line.</summary>
    public string? Failure { get; private set; }

    /// <summary>Cancelled when it fails.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Finds the journal of a run folder and makes it ready; null when the run has none.</summary>
    /// <param name="source">Named in errors.</param>
    /// <param name="isNew">False for a run that was begun before.</param>
    /// <param name="fromStart">
    /// True when all is played from the start. Else a run that was begun without a journal goes on without one.
    /// </param>
    /// <exception cref="InvalidInputException">A key is not as expected, or the database holds another run of this name.</exception>
    /// <exception cref="RunFailedException">The journal cannot be written.</exception>
    public static JournalLocation? Prepare(Config resolved, string source, RunFolder folder, bool isNew, bool fromStart, ILogger log)
    {
        if (JournalLocation.Read(resolved, source, folder) is not { } location)
        {
            return null;
        }
        if (location.Provider == JournalLocation.Sqlite)
        {
            if (!fromStart && !Path.Exists(folder[JournalLocation.EventsFile]))
            {
                log.Warning("This run was begun without a journal and goes on without one");
                return null;
            }
            Directory.CreateDirectory(folder[JournalLocation.Folder]);
        }
        JournalDatabase.Prepare(location, fromStart);
        if (isNew)
        {
            ThrowIfTaken(location, source);
        }
        return location;
    }

    /// <summary>Whether a new run can have its name in a database that runs share.</summary>
    /// <exception cref="InvalidInputException">It is another run's, or the database cannot be used.</exception>
    public static void CheckFree(Config resolved, string source, RunFolder folder)
    {
        if (JournalLocation.Read(resolved, source, folder) is not { Provider: JournalLocation.Postgres } location)
        {
            return;
        }
        try
        {
            JournalDatabase.Prepare(location, isNew: true);
        }
        catch (RunFailedException)
        {
            // A server that is down is told once the run's inputs are there, for 'resume' to go on when it is up.
            return;
        }
        ThrowIfTaken(location, source);
    }

    private static void ThrowIfTaken(JournalLocation location, string source)
    {
        if (location.Provider == JournalLocation.Postgres && JournalReader.HasRun(location))
        {
            string name = location.Prefix.TrimEnd('/');
            throw new InvalidInputException(
                $"{source}: 'akkalb.journal.run': the database holds a run '{name}' already, expected another name");
        }
    }

    /// <summary>
    /// Whether a journal has nothing of the run itself, as its first holder on a cluster died before it had stored that the run began.
    /// </summary>
    /// <exception cref="RunFailedException">It cannot be read now.</exception>
    public static bool IsBlank(JournalLocation location)
    {
        try
        {
            using JournalReader reader = JournalReader.Open(location);
            return !reader.Holds(RunEvents.Agent);
        }
        catch (InvalidInputException e)
        {
            throw new RunFailedException(e.Message, e);
        }
    }

    /// <summary>Stores an event of the run itself, after those that came before.</summary>
    public void Store(IJournalEvent happened)
    {
        lock (_gate)
        {
            if (_ready is null)
            {
                _early.Add(happened);
            }
            else
            {
                Tell(_ready, happened);
            }
        }
    }

    /// <summary>Ends when all is stored that came before, or when the journal has failed.</summary>
    public async Task SettleAsync()
    {
        try
        {
            IActorRef run = await _run;
            await run.Ask<RunCommands.Settled>(RunCommands.Settle.Instance, Timeout.InfiniteTimeSpan, Failed);
        }
        catch (Exception e) when (e is RunFailedException or OperationCanceledException)
        {
            // It did not start, or has failed, with that reason.
        }
    }

    /// <summary>It can store nothing more. The first reason counts.</summary>
    /// <param name="reason">One line.</param>
    public void Fail(string reason)
    {
        lock (_gate)
        {
            Failure ??= reason;
        }
        _failed.Cancel();
    }

    /// <exception cref="RunFailedException">The journal has failed.</exception>
    public void ThrowIfFailed()
    {
        if (Failure is { } reason)
        {
            throw new RunFailedException($"the journal failed, and the run with it: {reason}");
        }
    }

    private static void Tell(IActorRef run, IJournalEvent happened) => run.Tell(new RunCommands.Record(happened), ActorRefs.NoSender);
}
