using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Logging;
using AkkaLb.Runtime.Runs;
using Serilog;

namespace AkkaLb.Runtime.Journals;

/// <summary>The journal of a run that is going on, in an actor system of its own.</summary>
internal sealed class RunJournal : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly CancellationTokenSource _failed = new();

    private RunJournal(ActorSystem system, JournalLocation location)
    {
        _system = system;
        Journals = system.ActorOf(
            JournalsActor.Props(location.Prefix, location.SnapshotEvery, reason =>
            {
                Failure = reason;
                _failed.Cancel();
            }),
            "journals");
    }

    /// <summary>Takes the events of all agents (<see cref="JournalCommands"/>).</summary>
    public IActorRef Journals { get; }

    /// <summary>Why it can store nothing more, in one line.</summary>
    public string? Failure { get; private set; }

    /// <summary>Cancelled when it fails.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Opens the journal of a run folder; null when the run has none.</summary>
    /// <param name="source">Named in errors.</param>
    /// <param name="isNew">False for a run that was begun before.</param>
    /// <param name="fromStart">True when all is played from the start. Else a run that was begun without a journal goes on without one.</param>
    /// <exception cref="InvalidInputException">A key is not as expected, or the database holds another run of this name.</exception>
    /// <exception cref="RunFailedException">The journal cannot be read or written.</exception>
    public static async Task<RunJournal?> OpenAsync(Config resolved, string source, RunFolder folder, bool isNew, bool fromStart, ILogger log)
    {
        if (JournalLocation.Read(resolved, source, folder) is not { } location)
        {
            return null;
        }
        if (location.Provider == JournalLocation.Sqlite)
        {
            if (!fromStart && !File.Exists(folder[JournalLocation.EventsFile]))
            {
                log.Warning("This run was begun without a journal and goes on without one");
                return null;
            }
            Directory.CreateDirectory(folder[JournalLocation.Folder]);
        }
        else if (isNew && HasRun(location))
        {
            throw new InvalidInputException($"{source}: 'akkalb.journal.run': the database holds a run '{location.Prefix.TrimEnd('/')}' already, expected another name");
        }
        BootstrapSetup bootstrap = BootstrapSetup.Create().WithConfig(Configuration(location).WithFallback(SqlPersistence.DefaultConfiguration).WithFallback(SerilogSetup.LoggerConfig));
        ActorSystem system = ActorSystem.Create("journal", bootstrap.And(new SerilogSetup(log)));
        if (JournalSerializer.Unserialised(system) is [var type, ..])
        {
            await system.Terminate();
            throw new RunFailedException($"the journal has no serializer for {type.Name}");
        }
        return new RunJournal(system, location);
    }

    public void Store(IJournalEvent happened) => Journals.Tell(new JournalCommands.Store(RunEvents.Agent, happened), ActorRefs.NoSender);

    /// <summary>Ends when all is stored that came before, or when it has failed.</summary>
    public async Task SettleAsync() => await Journals.Ask<object>(JournalCommands.Settle.Instance);

    /// <exception cref="RunFailedException">The journal has failed.</exception>
    public void ThrowIfFailed()
    {
        if (Failure is { } reason)
        {
            throw new RunFailedException($"the journal failed, and the run with it: {reason}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await SettleAsync();
        await _system.Terminate();
    }

    private static bool HasRun(JournalLocation location)
    {
        using JournalReader reader = JournalReader.Open(location);
        return reader.HasTables && reader.Agents().Count > 0;
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static Config Configuration(JournalLocation location) => ConfigurationFactory.ParseString($$"""
        akka {
          actor {
            guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
            serializers.akkalb-journal = "{{typeof(JournalSerializer).AssemblyQualifiedName}}"
            serialization-bindings {
              "{{typeof(IJournalEvent).AssemblyQualifiedName}}" = akkalb-journal
              "{{typeof(AgentJournalSnapshot).AssemblyQualifiedName}}" = akkalb-journal
            }
          }
          persistence {
            journal {
              plugin = "akka.persistence.journal.sql"
              sql {
                provider-name = "{{location.Provider}}", connection-string = {{Quote(location.Events)}}, synchronous = {{location.Synchronous}}
                # A busy disk may take its time; what fails says so at once.
                circuit-breaker.call-timeout = 60s, recovery-event-timeout = 120s
                event-adapters.tags = "{{typeof(JournalTags).AssemblyQualifiedName}}"
                event-adapter-bindings { "{{typeof(IJournalEvent).AssemblyQualifiedName}}" = tags }
              }
            }
            snapshot-store {
              plugin = "akka.persistence.snapshot-store.sql"
              sql { provider-name = "{{location.Provider}}", connection-string = {{Quote(location.Snapshots)}}, synchronous = {{location.Synchronous}}, circuit-breaker.call-timeout = 60s }
            }
          }
        }
        """);
}
