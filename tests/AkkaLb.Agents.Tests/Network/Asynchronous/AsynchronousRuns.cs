using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Tests.Journals;
using AkkaLb.Agents.Tests.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Tests.Network.Asynchronous;

/// <summary>Small asynchronous runs, in systems in which every message goes through its bytes.</summary>
internal static class AsynchronousRuns
{
    private const string Failure = """{"30": {"missing_links": [["1", "3", 0], ["3", "1", 0]]}, "60": {}}""";

    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static Config System { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF, stdout-loglevel = OFF, loggers = []
          persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """ + WireBindings.Hocon);

    /// <summary>Four nodes, of which two links fail and return.</summary>
    public static (AsynchronousScenario, NetworkModel, PpoLearner) Failing(ExperienceOptions? memory = null)
    {
        NetworkTimeline timeline = Scenarios.CreateTimeline("4-node", Failure);
        NetworkModel model = new(Scenarios.Options(NetworkMethod.Samaroh) with { Memory = memory }, timeline.Topology);
        AsynchronousScenario scenario = Scenario(timeline, model, until: 90);
        scenario = scenario with { Agents = scenario.Agents with { Threshold = 0.001 }, Latency = (100, 900) };
        return (scenario, model, new PpoLearner(model, 5, threads: 1));
    }

    public static AsynchronousScenario Scenario(NetworkTimeline timeline, NetworkModel model, long until) => new(
        timeline, Objective.Variance, ChannelWeights.Uniform(timeline.Topology),
        new AsynchronousOptions { Threshold = 0, Budget = 6, SampleShare = model.Options.SampleShare },
        0, until, (1000, 1000));

    /// <summary>Plays a run to its end.</summary>
    /// <param name="network">The network's props, for who watches it.</param>
    public static SliceRecorder Play(TestKit kit, Func<SliceRecorder, Props> network)
    {
        SliceRecorder recorder = new();
        IActorRef run = kit.Sys.ActorOf(AsynchronousRunActor.Props(network(recorder)));
        run.Tell(AsynchronousNetworkCommands.Start.Instance, kit.TestActor);
        kit.ExpectMsg<AsynchronousNetworkEvents.IOutcome>(Patience).ShouldBeOfType<AsynchronousNetworkEvents.RunFinished>();
        return recorder;
    }

    /// <summary>What an agent has stored, as names and bytes.</summary>
    public static IReadOnlyList<string> Stored(TestKit kit, AgentJournal journal, string agent)
    {
        IActorRef reader = kit.Sys.ActorOf(JournalReaderActor.Props(journal, agent));
        reader.Tell(JournalReaderActor.Report, kit.TestActor);
        IReadOnlyList<IJournalEvent> events = kit.ExpectMsg<JournalReaderActor.EventsReported>(Patience).Events;
        kit.Sys.Stop(reader);
        return [.. events.Select(e => $"{JournalFormat.ManifestOf(e)} {Convert.ToHexStringLower(JournalFormat.Write(e))}")];
    }

    public static AgentJournal Journal(string prefix = "", Action<string>? failed = null, int snapshotEvery = 1000) =>
        new(prefix, snapshotEvery, e => e.Message, failed ?? (_ => { }));
}

/// <summary>What a run tells of itself.</summary>
internal sealed class SliceRecorder : IAsynchronousObserver
{
    public List<NetworkSample> Samples { get; } = [];

    public IReadOnlyList<AsynchronousEvents.WeightSet> Decisions => [.. BySlice.SelectMany(slice => slice)];

    /// <summary>The same slice by slice; of one that the network has recovered from its journal, nothing.</summary>
    public List<IReadOnlyList<AsynchronousEvents.WeightSet>> BySlice { get; } = [];

    /// <summary>Slices told of, each once.</summary>
    public long Slices { get; private set; }

    public Action<long> OnSlice { get; init; } = _ => { };

    public void SlicePlayed(long slice, IReadOnlyList<NetworkSample> samples, IReadOnlyList<AsynchronousEvents.WeightSet> decisions)
    {
        if (slice == Slices)
        {
            Slices++;
            Samples.AddRange(samples);
            BySlice.Add(decisions);
            OnSlice(slice);
        }
    }
}
