using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Hocon;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Tests.Proxy.Hosting;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using Serilog.Core;

namespace AkkaLb.Live.Tests.Proxy.Agents;

/// <summary>A service goes on for ever, its journal does not grow for ever.</summary>
public sealed class JournalRetentionTests : IDisposable
{
    // A snapshot is taken at the end of every 60.
    private const int Periods = 5 * LiveBalancerActor.LearntEvery;

    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-keep-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Keep_ShorterThanItRan_LeavesWhatIsYoungAndAllThatItKnew()
    {
        LiveDecision last = await RunAsync(TimeSpan.FromTicks(1), Periods);
        DecisionJournal journal = new(Configuration, "test.conf", _folder);
        journal.Find("web", 1).ShouldBeNull();
        using (JournalReader reader = Open())
        {
            StoredEvent[] events = [.. reader.Events(new EventFilter())];
            // Those of before the first of the last two snapshots are gone, the numbers of the others have stayed.
            events[0].Number.ShouldBeGreaterThan(events[^1].Number / 2);
            events.Select(stored => stored.Number).ShouldBe(Enumerable.Range((int)events[0].Number, events.Length).Select(n => (long)n));
            LiveBalancerJournal.WeightsDecided[] decisions =
                [.. events.Select(stored => stored.Read()).OfType<LiveBalancerJournal.WeightsDecided>()];
            decisions.Length.ShouldBeGreaterThan(10);
            foreach (LiveBalancerJournal.WeightsDecided decided in decisions)
            {
                journal.Find("web", decided.Step + 1)!.Reason.ShouldBe(decided.Reason);
            }
            journal.Find("web", last.Number + 1).ShouldBeNull();
            JournalVerification sound = JournalVerifier.Verify(reader);
            sound.Problems.ShouldBeEmpty();
            sound.Snapshots.ShouldBe(1);
            AgentMemory memory = AgentMemory.Of(reader, "balancer-web", null);
            (memory.Events, memory.Values["decisions"]).ShouldBe((events[^1].Number, last.Number));
            AgentMemory.Text(memory.Values["servers"]).ShouldBe("[fast, slow]");
            AgentMemory.Text(memory.Values["departures.fast"]).ShouldStartWith("[");
            memory.Values.Values.Select(AgentMemory.Text).ShouldAllBe(text => !text.Contains("System."));
            Should.Throw<InvalidInputException>(() => AgentMemory.Of(reader, "balancer-web", 1)).Message
                .ShouldContain("expected events of 'balancer-web' up to 1");
        }
        // It goes on from the snapshot that is left.
        (await RunAsync(TimeSpan.FromTicks(1), 1)).Number.ShouldBeGreaterThanOrEqualTo(last.Number);
        using JournalReader again = Open();
        JournalVerifier.Verify(again).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keep_Zero_LeavesAll()
    {
        LiveDecision last = await RunAsync(TimeSpan.Zero, Periods);
        using JournalReader reader = Open();
        reader.Events(new EventFilter()).First().Number.ShouldBe(1);
        DecisionJournal journal = new(Configuration, "test.conf", _folder);
        journal.Find("web", 1)!.Number.ShouldBe(1);
        journal.Find("web", last.Number)!.Number.ShouldBe(last.Number);
    }

    /// <summary>Of a journal whose agents do not forget, a beginning that is missing is still damage.</summary>
    [Fact]
    public async Task Verify_RowInTheMiddleIsGone_IsReported()
    {
        await RunAsync(TimeSpan.FromTicks(1), Periods);
        long number;
        using (JournalReader reader = Open())
        {
            number = reader.Events(new EventFilter()).ElementAt(10).Row.SequenceNumber;
        }
        using (Microsoft.Data.Sqlite.SqliteConnection events = new($"Data Source={EventsFile};Pooling=False"))
        {
            events.Open();
            using Microsoft.Data.Sqlite.SqliteCommand delete = events.CreateCommand();
            delete.CommandText = $"DELETE FROM journal WHERE sequence_number = {number}";
            delete.ExecuteNonQuery().ShouldBe(1);
        }
        using JournalReader damaged = Open();
        JournalVerifier.Verify(damaged).Problems.ShouldBe([$"balancer-web: row {number + 1} follows row {number - 1}"]);
    }

    private string EventsFile => Path.Combine(_folder, JournalLocation.EventsFile);

    private static Config Configuration => ProxyReader.Read(
        ConfigurationLoader.Parse(
            RunningProxy.Text("unused", [("a", new Uri("http://127.0.0.1:1"))], "") + "\nakkalb.journal.snapshot-every = 10", "test.conf"),
        "test.conf", []).Resolved;

    private JournalReader Open() => JournalReader.Open(JournalLocation.Of(EventsFile));

    /// <summary>Servers that are fast and slow in turns, so that there is something to decide.</summary>
    /// <returns>The last decision.</returns>
    private async Task<LiveDecision> RunAsync(TimeSpan keep, int periods)
    {
        List<string> failures = [];
        LiveDecision? last = null;
        await using (ServiceHost host = await ServiceHost.StartAsync(
            Configuration, "test.conf", _folder, keep, Logger.None, failures.Add, "state"))
        {
            Sink sink = new();
            LiveBalancer balancer = new(new LiveBalancerOptions { Estimation = new EstimationOptions { Memory = 100 } });
            IActorRef agent = host.System.ActorOf(LiveBalancerActor.Props("web", balancer, sink, host.Agents));
            agent.Tell(new LiveBalancerCommands.SetServers([new LiveServer("fast", true), new LiveServer("slow", true)]));
            await agent.Ask<LiveBalancerCommands.Recovered>(LiveBalancerCommands.Recovered.Instance);
            for (int k = 0; k < periods; k++)
            {
                agent.Tell(new LiveBalancerCommands.Observe(Traffic(10 * k, k / 2 % 2)));
                agent.Tell(new LiveBalancerCommands.Decide(Ticks.FromSeconds(10 * (k + 1)), DateTimeOffset.UnixEpoch));
                last = await sink.NextAsync() ?? last;
                // Stores what it knows, and waits for it.
                await agent.Ask<LiveBalancerCommands.Settled>(new LiveBalancerCommands.Settle(DateTimeOffset.UnixEpoch));
            }
        }
        failures.ShouldBeEmpty();
        return last!;
    }

    /// <summary>A hundred requests to each of two servers, of which one takes four times as long.</summary>
    private static ImmutableArray<Passage> Traffic(double from, int fast) =>
    [
        .. Enumerable.Range(0, 200).SelectMany(n =>
        {
            (int server, double seconds) = (n % 2, n % 2 == fast ? 0.01 : 0.04);
            long begin = Ticks.FromSeconds(from + (n * seconds)), end = Ticks.FromSeconds(from + ((n + 1) * seconds));
            return new[]
            {
                new Passage(PassageKind.Started, server, 0, n, begin),
                new Passage(PassageKind.Answered, server, 1, n, end, end - begin),
            };
        }),
    ];

    private sealed class Sink : IWeightSink
    {
        private readonly Channel<LiveDecision?> _said = Channel.CreateUnbounded<LiveDecision?>();

        public void Publish(LiveDecision decision) => _said.Writer.TryWrite(decision);

        public void Confirm() => _said.Writer.TryWrite(null);

        /// <returns>Null: nothing was decided.</returns>
        public ValueTask<LiveDecision?> NextAsync() => _said.Reader.ReadAsync();
    }
}
