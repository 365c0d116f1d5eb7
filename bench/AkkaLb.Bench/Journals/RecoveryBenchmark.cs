using System.Diagnostics;
using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain.Randomness;
using AkkaLb.Hocon;
using AkkaLb.Learning.Memory;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog.Core;

namespace AkkaLb.Bench.Journals;

/// <summary>
/// How long it takes until agents of a fresh process are what they were: many with plain events, and fewer with an experience memory, from
/// events alone and from snapshots.
/// </summary>
internal static class RecoveryBenchmark
{
    private const int Plain = 1000, Events = 1000, EventsPerBlock = 100;
    private const int Remembering = 96, Representatives = 1000, Exchanges = 4, Width = 16;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"akkalb-bench-{Environment.ProcessId}");

    /// <param name="arguments">Perhaps <c>--postgres CONNECTION</c>, an empty database.</param>
    public static int Run(string[] arguments)
    {
        Directory.CreateDirectory(Folder);
        try
        {
            Measure("SQLite", () => new JournalLocation(
                JournalLocation.Sqlite, $"Data Source={Folder}/{Path.GetRandomFileName()}",
                $"Data Source={Folder}/{Path.GetRandomFileName()}", "", "normal", 1));
            if (arguments is ["--postgres", var connection])
            {
                Measure("PostgreSQL", () => new JournalLocation(
                    JournalLocation.Postgres, connection, connection, $"{Path.GetRandomFileName()}/", "full", 1));
            }
        }
        finally
        {
            Directory.Delete(Folder, recursive: true);
        }
        return 0;
    }

    private static void Measure(string name, Func<JournalLocation> location)
    {
        double plain = Recover(location(), Plain, int.MaxValue, (journal, agent) => Props.Create(() => new PlainAgent(journal, agent)));
        Console.WriteLine($"{name,-11} {Plain,5:N0} agents with {Events:N0} events each: {plain:0.00} s");
        foreach (int snapshotEvery in new[] { int.MaxValue, 1 })
        {
            double remembering = Recover(
                location(), Remembering, snapshotEvery, (journal, agent) => Props.Create(() => new RememberingAgent(journal, agent)));
            Console.WriteLine(
                $"{name,-11} {Remembering,5:N0} agents with {Representatives:N0} representatives each, "
                + $"{(snapshotEvery == 1 ? "from snapshots" : "from events")}: {remembering:0.00} s");
        }
    }

    /// <returns>Seconds.</returns>
    private static double Recover(JournalLocation location, int agents, int snapshotEvery, Func<AgentJournal, int, Props> props)
    {
        JournalDatabase.Prepare(location, isNew: true);
        double seconds = 0;
        foreach (bool isSecond in new[] { false, true })
        {
            AgentJournal journal = new(
                location.Prefix, snapshotEvery, e => e.ToString(), reason => throw new InvalidOperationException(reason));
            using IHost host = ActorSystemComposition.Build(Config.Empty, location, Logger.None);
            host.Start();
            ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
            long started = Stopwatch.GetTimestamp();
            IActorRef[] actors = [.. Enumerable.Range(0, agents).Select(agent => system.ActorOf(props(journal, agent)))];
            int[] known = Task.WhenAll(actors.Select(agent => agent.Ask<int>(isSecond ? "known" : "live"))).Result;
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            int expected = props(journal, 0).Type == typeof(PlainAgent) ? Events : Representatives;
            if (known.Any(k => k != expected))
            {
                throw new InvalidOperationException($"an agent knows {known.First(k => k != expected)}, expected {expected}");
            }
            host.StopAsync().Wait();
        }
        return seconds;
    }

    /// <summary>Decides so many events in blocks, or says how many it has recovered.</summary>
    private sealed class PlainAgent : JournalledActor
    {
        private int _known;

        public PlainAgent(AgentJournal journal, int agent)
            : base(journal, $"agent-{agent}") => Command<string>(_ =>
        {
            GoOn(_ => true);
            while (_known < Events)
            {
                Store(new RunEvents.EpisodeFinished(_known++, 0.02, 0.01, 0.9, 3));
                if (_known % EventsPerBlock == 0)
                {
                    WriteWaiting();
                }
            }
            IActorRef asker = Sender;
            WhenStored(() => asker.Tell(_known));
        });

        protected override void Apply(IJournalEvent stored) => _known++;
    }

    /// <summary>Remembers new states in every episode until its memory is full.</summary>
    private sealed class RememberingAgent : JournalledActor
    {
        private const int Horizons = 25;

        private readonly AgentExperience _memory = new(
            new ExperienceOptions
            {
                Representatives = RepresentativeSelection.Clusters, Size = Representatives / Exchanges, Deltas = [1e-6],
            },
            Exchanges, Width, 0, 1);
        private readonly ExperienceChanges _changes = new();
        private readonly RandomStream _random;

        public RememberingAgent(AgentJournal journal, int agent)
            : base(journal, $"agent-{agent}")
        {
            _random = new RandomStream(1, $"agent/{agent}");
            Command<string>(_ =>
            {
                GoOn(_ => true);
                _memory.Note(_changes);
                for (int episode = 0; _memory.Count < Representatives; episode++)
                {
                    Live();
                    Store(new LinkAgentJournal.WeightsDecided(episode, 0, [.. new double[Horizons]], new(1, [.. _changes.Take()])));
                }
                IActorRef asker = Sender;
                WhenStored(() =>
                {
                    KeepSnapshot();
                    WhenStored(() => asker.Tell(_memory.Count));
                });
            });
        }

        protected override void Apply(IJournalEvent stored) =>
            _memory.Apply(((LinkAgentJournal.WeightsDecided)stored).Memory!.Changes.AsMemory());

        protected override byte[] SaveState() => _memory.Save();

        protected override void RestoreState(ReadOnlySpan<byte> state) => _memory.Restore(state);

        private void Live()
        {
            float[] states = new float[(Exchanges + 1) * Width];
            for (int horizon = 0; horizon < Horizons && _memory.Count < Representatives; horizon++)
            {
                for (int i = 0; i < states.Length; i++)
                {
                    states[i] = (float)_random.NextDouble();
                }
                _memory.Open(0);
                for (int l = 0; l < Exchanges; l++)
                {
                    _memory.Remember(l, states.AsSpan(l * Width), states.AsSpan((l + 1) * Width), 0);
                }
            }
        }
    }
}
