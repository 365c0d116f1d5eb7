using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog.Core;

namespace AkkaLb.Bench.Journals;

/// <summary>
/// Events that are acknowledged in a second, with a run's own actor system and settings: actors with one <c>Persist</c> outstanding each,
/// and as many agents, which store what they decided in blocks.
/// </summary>
internal static class PersistenceBenchmark
{
    private const int Agents = 96, WarmUpMilliseconds = 1000, Milliseconds = 5000, EventsPerBlock = 75;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"akkalb-bench-{Environment.ProcessId}");

    /// <param name="arguments">Perhaps <c>--postgres CONNECTION</c>, an empty database.</param>
    public static int Run(string[] arguments)
    {
        Console.WriteLine($"one event is {JournalFormat.Write(Event(0)).Length} bytes; {Milliseconds / 1000} s each after a warm-up");
        Directory.CreateDirectory(Folder);
        try
        {
            Measure("SQLite, synchronous = full", () => Sqlite("full"));
            Measure("SQLite, synchronous = normal", () => Sqlite("normal"));
            if (arguments is ["--postgres", var connection])
            {
                Measure("PostgreSQL", () => new JournalLocation(
                    JournalLocation.Postgres, connection, connection, $"{Path.GetRandomFileName()}/", "full", int.MaxValue));
            }
        }
        finally
        {
            Directory.Delete(Folder, recursive: true);
        }
        return 0;
    }

    private static JournalLocation Sqlite(string synchronous)
    {
        string name = Path.GetRandomFileName();
        return new JournalLocation(
            JournalLocation.Sqlite, $"Data Source={Folder}/{name}-events.db", $"Data Source={Folder}/{name}-snapshots.db", "", synchronous,
            int.MaxValue);
    }

    private static void Measure(string name, Func<JournalLocation> location)
    {
        double one = Persisting(location(), 1), all = Persisting(location(), Agents);
        Console.WriteLine($"{name,-30} {1,3} actor   {one,9:N0} events/s");
        Console.WriteLine($"{name,-30} {Agents,3} actors  {all,9:N0} events/s, {all / one:0.0} x one");
        Console.WriteLine($"{name,-30} {Agents,3} agents  {Blocks(location()),9:N0} events/s in blocks of {EventsPerBlock}");
    }

    /// <summary>One <c>Persist</c> outstanding for each actor.</summary>
    private static double Persisting(JournalLocation location, int actors) => WithSystem(location, (system, _) =>
    {
        Counter counter = new();
        for (int i = 0; i < actors; i++)
        {
            string id = $"{location.Prefix}actor-{i}";
            system.ActorOf(Props.Create(() => new PersistingActor(id, counter))).Tell(PersistingActor.Go);
        }
        return PerSecond(() => counter.Value);
    });

    /// <summary>Every agent decides as many events as a block of episodes has, and then all are stored.</summary>
    private static double Blocks(JournalLocation location) => WithSystem(location, (system, journal) =>
    {
        IActorRef[] agents =
        [
            .. Enumerable.Range(0, Agents).Select(agent => system.ActorOf(DecidingAgent.Props(journal, $"agent-{agent}"))),
        ];
        long stored = 0;
        using CancellationTokenSource stop = new();
        Task deciding = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.WhenAll(agents.Select(agent => agent.Ask<int>(EventsPerBlock)));
                Interlocked.Add(ref stored, EventsPerBlock * Agents);
            }
        });
        double rate = PerSecond(() => Interlocked.Read(ref stored));
        stop.Cancel();
        deciding.Wait();
        return rate;
    });

    private static double WithSystem(JournalLocation location, Func<ActorSystem, AgentJournal, double> measure)
    {
        JournalDatabase.Prepare(location, isNew: true);
        AgentJournal journal = new(location.Prefix, int.MaxValue, e => e.Message, reason => throw new InvalidOperationException(reason));
        using IHost host = ActorSystemComposition.Build(Config.Empty, location, Logger.None);
        host.Start();
        double measured = measure(host.Services.GetRequiredService<ActorSystem>(), journal);
        host.StopAsync().Wait();
        return measured;
    }

    private static double PerSecond(Func<long> count)
    {
        using ManualResetEventSlim never = new();
        never.Wait(WarmUpMilliseconds);
        long before = count(), started = Stopwatch.GetTimestamp();
        never.Wait(Milliseconds);
        return (count() - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static RunEvents.EpisodeFinished Event(int episode) => new(episode, 0.02, 0.01, 0.9, 3);

    private sealed class Counter
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }

    private sealed class DecidingAgent : JournalledActor
    {
        private int _episode;

        public DecidingAgent(AgentJournal journal, string name)
            : base(journal, name) => Command<int>(events =>
        {
            for (int i = 0; i < events; i++)
            {
                Store(Event(_episode++));
            }
            PassBarrier();
            IActorRef asker = Sender;
            WhenStored(() => asker.Tell(events));
        });

        public static Props Props(AgentJournal journal, string name) => Akka.Actor.Props.Create(() => new DecidingAgent(journal, name));
    }

    private sealed class PersistingActor : ReceivePersistentActor
    {
        public const string Go = "go";

        private int _episode;

        public PersistingActor(string id, Counter counter)
        {
            PersistenceId = id;
            Command<string>(_ => Persist(Event(_episode++), _ =>
            {
                counter.Add();
                Self.Tell(Go);
            }));
        }

        public override string PersistenceId { get; }
    }
}
