using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Tests.Network.Asynchronous;

public sealed class AsynchronousCrashTests() : TestKit(CrashingMailbox.Configuration.WithFallback(AsynchronousRuns.System))
{
    private const int SliceLength = 8;

    private static readonly ExperienceOptions Memory = new() { Deltas = [0.05], Size = 12 };

    [Theory]
    [InlineData(1, false, true, 1000)]
    [InlineData(2, false, true, 3)]
    [InlineData(3, true, true, 1000)]
    [InlineData(4, true, true, 3)]
    [InlineData(5, false, false, 1000)]
    [InlineData(6, true, false, 1000)]
    [InlineData(7, false, true, 3, true)]
    public void Run_ActorsCrashOverRandomMessages_IsTheRunThatNobodyDisturbed(
        ulong seed, bool remembers, bool stores, int snapshotEvery, bool pushes = false)
    {
        using Team team = new(remembers);
        team.Scenario = team.Scenario with { Agents = team.Scenario.Agents with { Patience = pushes ? 2000 : null } };
        AgentJournal? Journal(string run) =>
            stores ? AsynchronousRuns.Journal($"{run}/", reason => throw new InvalidOperationException(reason), snapshotEvery) : null;
        SliceRecorder straight = Play(team, "straight", Journal("straight"));
        straight.Slices.ShouldBeGreaterThan(10);
        int crashes = 0;
        for (ulong k = 0; k < 4; k++)
        {
            string run = $"crashing-{k}";
            CrashPlan plan = new(100 * seed + k, crashes: 3, among: 400);
            CrashingMailbox.Plan($"{run}-{seed}", plan);
            SliceRecorder crashed = Play(team, run, Journal(run), name: $"{run}-{seed}");
            crashed.Samples.ShouldBe(straight.Samples);
            // A network that crashes between storing a slice and telling of it tells of it when it recovers, without its decisions: these
            // are compared as stored, below.
            int untold = stores ? crashed.BySlice.Zip(straight.BySlice).Count(s => s.First.Count == 0 && s.Second.Count > 0) : 0;
            untold.ShouldBeLessThanOrEqualTo(plan.Done);
            crashed.BySlice.Select((told, slice) => stores && told.Count == 0 ? straight.BySlice[slice] : told)
                .SelectMany(told => told).ShouldBe(straight.Decisions);
            if (stores)
            {
                ShouldBeStoredAlike(team, Journal(run)!, Journal("straight")!);
            }
            crashes += plan.Done;
        }
        crashes.ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_JournalOnOrOff_IsTheSame(bool remembers)
    {
        using Team team = new(remembers);
        SliceRecorder off = Play(team, "off", null), on = Play(team, "on", AsynchronousRuns.Journal());
        on.Samples.ShouldBe(off.Samples);
        on.Decisions.ShouldBe(off.Decisions);
        team.Scenario = team.Scenario with { SliceLength = int.MaxValue };
        SliceRecorder unsliced = Play(team, "unsliced", null);
        unsliced.Slices.ShouldBe(1);
        off.Samples.ShouldBe(unsliced.Samples);
    }

    [Fact]
    public void Run_AgentThatAlwaysCrashes_EndsWithOneLine()
    {
        using Team team = new(remembers: false);
        CrashingMailbox.Plan("always", new CrashPlan(1, crashes: 4000, among: 400));
        IActorRef run = Sys.ActorOf(AsynchronousRunActor.Props(team.Network(new SliceRecorder(), null)), "always");
        run.Tell(AsynchronousNetworkCommands.Start.Instance, TestActor);
        ExpectMsg<AsynchronousNetworkEvents.RunFailed>(AsynchronousRuns.Patience).Reason
            .ShouldMatch("^the (agent of link .*|network) crashed more than 10 times in a minute$");
    }

    [Theory]
    [InlineData(false, 1000)]
    [InlineData(true, 2)]
    public void Run_StoppedAfterEverySlice_GoesOnWhereItWas(bool remembers, int snapshotEvery)
    {
        using Team team = new(remembers);
        AgentJournal expected = AsynchronousRuns.Journal("straight/", snapshotEvery: snapshotEvery);
        SliceRecorder straight = Play(team, "straight", expected);
        AgentJournal journal = AsynchronousRuns.Journal("stopped/", reason => throw new InvalidOperationException(reason), snapshotEvery);
        SliceRecorder last;
        long slices = 0;
        AsynchronousNetworkEvents.IOutcome outcome;
        do
        {
            // At the first slice that this process plays.
            IActorRef? run = null;
            long known = slices;
            last = new SliceRecorder
            {
                OnSlice = slice =>
                {
                    if (slice == known)
                    {
                        run!.Tell(AsynchronousNetworkCommands.Stop.Instance);
                    }
                },
            };
            run = Sys.ActorOf(AsynchronousRunActor.Props(team.Network(last, journal)));
            run.Tell(AsynchronousNetworkCommands.Start.Instance, TestActor);
            outcome = ExpectMsg<AsynchronousNetworkEvents.IOutcome>(AsynchronousRuns.Patience);
            ExpectTerminated(Watch(run), AsynchronousRuns.Patience);
            slices.ShouldBeLessThan(last.Slices);
            slices = last.Slices;
        }
        while (outcome is AsynchronousNetworkEvents.RunStopped);
        outcome.ShouldBeOfType<AsynchronousNetworkEvents.RunFinished>();
        last.Samples.ShouldBe(straight.Samples);
        ShouldBeStoredAlike(team, journal, expected);
    }

    [Fact]
    public void Run_FromTheStartAgain_ComparesEveryDecisionAndNamesTheFirstThatDiffers()
    {
        using Team team = new(remembers: true);
        List<string> failures = [];
        AgentJournal journal = AsynchronousRuns.Journal("", failures.Add);
        SliceRecorder first = Play(team, "first", journal);
        int events = AsynchronousRuns.Stored(this, journal, "link-3.asynchronous").Count;
        SliceRecorder again = Play(team, "again", journal, fromStart: true);
        again.Samples.ShouldBe(first.Samples);
        again.Decisions.ShouldBe(first.Decisions);
        AsynchronousRuns.Stored(this, journal, "link-3.asynchronous").Count.ShouldBe(events);
        failures.ShouldBeEmpty();

        team.Seed = 6;
        IActorRef other = Sys.ActorOf(AsynchronousRunActor.Props(team.Network(new SliceRecorder(), journal, fromStart: true)));
        other.Tell(AsynchronousNetworkCommands.Start.Instance, TestActor);
        ExpectMsg<AsynchronousNetworkEvents.RunFailed>(AsynchronousRuns.Patience);
        failures.ShouldNotBeEmpty();
        failures.ShouldAllBe(line => line.EndsWith("slice-decided/1 0 differs from the one in the journal"));
    }

    private void ShouldBeStoredAlike(Team team, AgentJournal found, AgentJournal expected)
    {
        foreach (string agent in team.Agents)
        {
            IReadOnlyList<string> stored = AsynchronousRuns.Stored(this, expected, agent);
            stored.ShouldNotBeEmpty();
            AsynchronousRuns.Stored(this, found, agent).ShouldBe(stored, agent);
        }
    }

    private SliceRecorder Play(Team team, string run, AgentJournal? journal, string? name = null, bool fromStart = false)
    {
        SliceRecorder recorder = new();
        IActorRef actor = Sys.ActorOf(AsynchronousRunActor.Props(team.Network(recorder, journal, fromStart)), name ?? run);
        actor.Tell(AsynchronousNetworkCommands.Start.Instance, TestActor);
        ExpectMsg<AsynchronousNetworkEvents.IOutcome>(AsynchronousRuns.Patience, run)
            .ShouldBeOfType<AsynchronousNetworkEvents.RunFinished>(run);
        ExpectTerminated(Watch(actor), AsynchronousRuns.Patience);
        return recorder;
    }

    private sealed class Team : IDisposable
    {
        public Team(bool remembers)
        {
            (AsynchronousScenario scenario, Model, Learner) = AsynchronousRuns.Failing(remembers ? Memory : null);
            Scenario = scenario with { SliceLength = SliceLength, Agents = scenario.Agents with { Threshold = 0, Budget = 12 } };
        }

        public AsynchronousScenario Scenario { get; set; }

        public ulong Seed { get; set; } = 5;

        public NetworkModel Model { get; }

        public PpoLearner Learner { get; }

        public IEnumerable<string> Agents => Enumerable.Range(0, Model.LinkCount)
            .Select(link => AsynchronousJournal.Agent(new LinkId(link))).Append(AsynchronousJournal.Network);

        public Props Network(SliceRecorder recorder, AgentJournal? journal, bool fromStart = false) => AsynchronousNetworkActor.Props(
            Scenario, Model, Learner.Policy, Learner.Experience?.Save(), Seed, recorder, journal, fromStart);

        public void Dispose() => Learner.Dispose();
    }
}
