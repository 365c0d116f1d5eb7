using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Logger.Serilog;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Hosting;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using AkkaConfig = Akka.Configuration.Config;
using Config = AkkaLb.Hocon.Config;

namespace AkkaLb.Runtime.Hosting;

/// <summary>The composition root: an actor system with its logging, serializers and journal, on the generic host.</summary>
internal static class ActorSystemComposition
{
    public const string SystemName = "akkalb";
    private const string Section = ConfigurationLoader.EngineSection;

    private static readonly AkkaConfig Defaults = ConfigurationFactory.ParseString($$"""
        akka {
          # The log file has it all; what is printed is the command's, also while Akka.NET starts and ends.
          stdout-loglevel = OFF
          stdout-logger-class = "{{typeof(SilentLogger).AssemblyQualifiedName}}"
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          # A crash of the experiment itself ends the run instead of starting it anew.
          actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
          actor.serializers.akkalb-refusing = "{{typeof(RefusingSerializer).AssemblyQualifiedName}}"
          actor.serialization-bindings { "System.Object" = akkalb-refusing }
          coordinated-shutdown {
            # The host runs it.
            run-by-clr-shutdown-hook = off
            # A run ends its episodes in flight and writes its folder in its own time; who cannot wait sends a second signal.
            phases.before-service-unbind.timeout = 24h
            phases.service-stop.timeout = 24h
          }
        }
        """);

    private static readonly AkkaConfig JournalDefaults = ConfigurationFactory.ParseString("""
        akka.persistence {
          journal.sql {
            # One writer: rows that wait meanwhile go into its next transaction, and on SQLite two would wait for each other's lock.
            parallelism = 1
            max-row-by-row-size = 1
            # To the filter a node is an old writer once another one has written, and what an agent stores that is back on it would be
            # dropped at its next recovery. Late writers are fenced by the key of agent and number.
            replay-filter.mode = off
            # A busy disk may take its time; what fails says so at once.
            circuit-breaker.call-timeout = 60s
            recovery-event-timeout = 60s
          }
          snapshot-store.sql {
            circuit-breaker.call-timeout = 60s
            # No event is ever deleted: without a snapshot that can be read, an agent recovers from all of them.
            snapshot-is-optional = true
          }
        }
        """);

    // A transaction that reads would take the lock of those that write, were it not for its isolation level; a SQLite file is serializable
    // either way. Its driver blocks a thread for each query, so that many recoveries at once leave none for the actors.
    private static readonly AkkaConfig SqliteDefaults = ConfigurationFactory.ParseString("""
        akka.persistence {
          max-concurrent-recoveries = 4
          journal.sql.read-isolation-level = read-uncommitted
          snapshot-store.sql.read-isolation-level = read-uncommitted
        }
        """);

    /// <param name="configuration">Its section <c>akka</c> wins over our defaults.</param>
    /// <param name="journal">Where agents store; null: nowhere. <see cref="JournalDatabase.Prepare"/> has made it ready.</param>
    public static IHost Build(Config configuration, JournalLocation? journal, ILogger log)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        Add(builder.Services, configuration, journal, log, _ => { });
        return builder.Build();
    }

    /// <param name="configuration">Its section <c>akka</c> wins over all else.</param>
    /// <param name="more">Added above our defaults.</param>
    public static void Add(
        IServiceCollection services, Config configuration, JournalLocation? journal, ILogger log, Action<AkkaConfigurationBuilder> more)
    {
        // Akka.NET's Serilog logger writes to the process's logger: where several runs share a process, to that of the last one started.
        Log.Logger = log;
        services.AddAkka(SystemName, akka =>
        {
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLogger<SerilogLogger>();
            });
            akka.WithCustomSerializer("akkalb-wire", [typeof(IMessage)], system => new WireSerializer(system));
            more(akka);
            if (journal is not null)
            {
                AddJournal(akka, journal);
            }
            akka.AddHocon(Defaults, HoconAddMode.Append);
            // Last, and so above all that was added before.
            akka.AddHocon(AkkaSection(configuration), HoconAddMode.Prepend);
        });
    }

    /// <summary>Whatever its actors say and store, a system that has just started has a serializer for it.</summary>
    /// <exception cref="RunFailedException">There is none for a type.</exception>
    public static void Check(ActorSystem system, bool hasJournal)
    {
        // Akka.NET's scheduler starts when it is first used, and whoever uses it first waits for a thread of the pool: hundreds of actors
        // that do so at once wait for each other, for ten seconds.
        system.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, static () => { });
        IReadOnlyList<Type> unserialised =
        [
            .. WireSerializer.Unserialised(system), .. hasJournal ? JournalSerializer.Unserialised(system) : [],
        ];
        if (unserialised is [var type, ..])
        {
            throw new RunFailedException($"there is no serializer for {type.FullName}");
        }
    }

    /// <summary>
    /// Starts a system with what a user has written under <c>akka</c> and ends it again, before anything of a run is written.
    /// </summary>
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidInputException">No system starts with it.</exception>
    public static async Task CheckAsync(Config configuration, string source)
    {
        if (configuration.GetValue(Section) is null)
        {
            return;
        }
        try
        {
            // Without the host, which would print a stack trace.
            using ActorSystem system = ActorSystem.Create(SystemName, AkkaSection(configuration).WithFallback(Defaults));
            await system.Terminate();
        }
        catch (Exception e)
        {
            // With our defaults alone it starts, so that whatever is thrown is of the section.
            throw new InvalidInputException(
                $"{source}: '{Section}' is no configuration that Akka.NET starts with: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static AkkaConfig AkkaSection(Config configuration) =>
        configuration.GetValue(Section) is { } section
            ? ConfigurationFactory.ParseString($"{Section} {HoconWriter.Write(section)}")
            : AkkaConfig.Empty;

    private static void AddJournal(AkkaConfigurationBuilder akka, JournalLocation location)
    {
        akka.WithCustomSerializer("akkalb-journal", JournalSerializer.Bound, system => new JournalSerializer(system));
        akka.WithSqlPersistence(
            new SqlJournalOptions
            {
                ProviderName = location.Provider,
                ConnectionString = location.Events,
                DataOptions = JournalDatabase.Options(location, location.Events),
                // Nothing is tagged: names of agents and types of events say what a tag would.
                TagStorageMode = TagMode.Csv,
                AutoInitialize = true,
            },
            new SqlSnapshotOptions
            {
                ProviderName = location.Provider,
                ConnectionString = location.Snapshots,
                DataOptions = JournalDatabase.Options(location, location.Snapshots),
                AutoInitialize = true,
            });
        if (location.Provider == JournalLocation.Sqlite)
        {
            akka.AddHocon(SqliteDefaults, HoconAddMode.Append);
        }
        akka.AddHocon(JournalDefaults, HoconAddMode.Append);
    }

    private sealed class SilentLogger : MinimalLogger
    {
        protected override void Log(object message)
        {
        }
    }
}
