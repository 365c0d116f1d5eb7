using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class NetworkTimelineTests
{
    private static readonly Topology FourNodes = TopologyLibrary.Get("4-node");

    private static TopologyChanges Changes(string json) => TopologyChanges.Read(json, "c.json", FourNodes);

    private static Flow FlowOf(string id, int from, int to, long start, long end, params RateChange[] rates) =>
        new(new FlowId(id), new NodeId(from), new NodeId(to), rates, start, end);

    private static NetworkTimeline Timeline(TopologyChanges changes, params Flow[] flows) =>
        new(FourNodes, new FlowSet("f.json", flows), changes, new RoutingRule());

    [Fact]
    public void Changes_FlowsAndLinks_AreTheMomentsAtWhichSomethingDiffers()
    {
        NetworkTimeline timeline = Timeline(
            Changes("""{"50": {"missing_nodes": ["1"]}, "60": {"missing_nodes": ["1"]}, "70": {}}"""),
            FlowOf("a", 0, 1, 10, 40, new RateChange(0, 5), new RateChange(20, 5), new RateChange(30, 6), new RateChange(40, 7)),
            FlowOf("b", 1, 2, 5, 55, new RateChange(15, 1)),
            FlowOf("never", 1, 2, 5, 8, new RateChange(9, 1)));

        timeline.Changes.ShouldBe([10L, 15, 30, 40, 50, 55, 70]);
        timeline.NextChange(-1).ShouldBe(10);
        timeline.NextChange(10).ShouldBe(15);
        timeline.NextChange(16).ShouldBe(30);
        timeline.NextChange(70).ShouldBeNull();
    }

    [Fact]
    public void Changes_RandomFlows_NothingDiffersBetweenThem() => RandomNetwork.ForAll(
        (network, _) =>
        {
            var timeline = new NetworkTimeline(
                network.Topology, network.Flows, TopologyChanges.None, new RoutingRule(RoutingModel.Shortest));
            for (long ms = 0; ms < 130; ms++)
            {
                bool same = network.Flows.ActiveAt(ms).SequenceEqual(network.Flows.ActiveAt(ms - 1));
                timeline.Changes.Contains(ms).ShouldBe(!same);
                timeline.NextChange(ms - 1).ShouldBe(timeline.Changes.Cast<long?>().FirstOrDefault(change => change >= ms));
            }
        },
        tests: 20);

    [Fact]
    public void At_LinkIsDown_RoutesAsTheSmallerTopologyDoes() => RandomNetwork.ForAll(
        (network, stream) =>
        {
            Topology whole = network.Topology;
            var missing = Enumerable.Range(0, whole.LinkCount - 1).Where(_ => stream.NextInt32(5) == 0)
                .Select(link => new LinkId(link)).ToHashSet();
            string json = $$"""{"7": {"missing_links": [{{string.Join(',', missing.Select(link => Name(whole, link)))}}] } }""";
            var changes = TopologyChanges.Read(json, "c.json", whole);
            var rule = new RoutingRule((RoutingModel)stream.NextInt32(3));
            NetworkMoment moment = new NetworkTimeline(whole, network.Flows, changes, rule).At(7);

            Topology rest = whole.Without(missing);
            var router = new FlowRouter(rest, network.Flows.ActiveAt(7), rule.Paths(rest), allowDisconnected: true);
            var loads = new double[whole.LinkCount];
            var restLoads = new double[rest.LinkCount];
            double[] restWeights = [.. network.Weights.Where((_, link) => !missing.Contains(new LinkId(link)))];
            moment.Router.Route(network.Weights, loads).ShouldBe(router.Route(restWeights, restLoads));
            loads.Where((_, link) => !missing.Contains(new LinkId(link))).ShouldBe(restLoads);
            loads.Where((_, link) => missing.Contains(new LinkId(link))).ShouldAllBe(load => load == 0);
            new UpLinks(whole, missing).Evaluate(Objective.Variance, loads)
                .ShouldBe(ObjectiveFunction.Variance(restLoads, rest.Capacities));
        },
        tests: 40);

    [Fact]
    public void At_NodeIsGone_ItsFlowsWaitAndPhiIsOverTheOtherLinks()
    {
        NetworkTimeline timeline = Timeline(
            Changes("""{"50": {"missing_nodes": ["1"]}, "70": {}}"""),
            FlowOf("a", 0, 1, 0, 100, new RateChange(0, 5e6)), FlowOf("b", 1, 2, 0, 100, new RateChange(0, 8e6)));
        var environment = new NetworkEnvironment(Scenario(timeline, 60));

        environment.Unroutable.ShouldBe(1);
        environment.Scenario.Up.Count.ShouldBe(4);
        environment.Scenario.Up.AreAll.ShouldBeFalse();
        // The only way left from 2 to 3 is over 4: two of four links of 40 Mbit/s carry 8 Mbit/s.
        environment.UpUtilisation.ToArray().ShouldBe([0.2, 0, 0, 0.2]);
        environment.MeanUtilisation.ShouldBe(0.1);
        environment.Phi.ShouldBe(0.01, 1e-15);
        environment.Reset(Scenario(timeline, 70));
        environment.Unroutable.ShouldBe(0);
        environment.UpUtilisation.Length.ShouldBe(8);
    }

    [Fact]
    public void At_AllLinksAreDown_NothingIsRouted()
    {
        NetworkTimeline timeline = Timeline(
            Changes("""{"1": {"missing_nodes": ["1", "2", "3", "4"]}}"""), FlowOf("a", 0, 1, 0, 100, new RateChange(0, 5e6)));
        var environment = new NetworkEnvironment(Scenario(timeline, 1));
        environment.Unroutable.ShouldBe(1);
        (environment.Phi, environment.MeanUtilisation).ShouldBe((0, 0));
    }

    [Fact]
    public void At_SameFlowsAndLinksAgain_IsTheSameMoment()
    {
        NetworkTimeline timeline = Timeline(
            Changes("""{"50": {"missing_links": [["1", "2", 0]]}, "70": {}}"""), FlowOf("a", 0, 1, 0, 100, new RateChange(0, 5e6)));
        NetworkMoment before = timeline.At(0);
        timeline.At(50).ShouldNotBeSameAs(before);
        timeline.At(70).ShouldBeSameAs(before);
    }

    [Fact]
    public void At_NoPathThoughNothingIsDown_IsRefused()
    {
        var oneWay = new Topology("one-way.gml", ["a", "b"], [new Link(new NodeId(0), new NodeId(1), 1e6)]);
        var timeline = new NetworkTimeline(
            oneWay, new FlowSet("f.json", [FlowOf("back", 1, 0, 0, 9, new RateChange(0, 1))]), TopologyChanges.None, new RoutingRule());
        Should.Throw<InvalidInputException>(() => timeline.At(0)).Message.ShouldContain("\"back\"");
    }

    [Fact]
    public void StartsOf_LinkFailsWithinAPeriod_TheNextBeginsThen()
    {
        TopologyChanges changes = Changes("""{"5": {}, "45": {"missing_links": [["1", "2"]]}, "75": {}, "105": {}}""");
        ScenarioSchedule.StartsOf(0, 6, 30, changes).ShouldBe([0L, 5, 35, 45, 75, 105]);
        ScenarioSchedule.StartsOf(10, 3, 30, TopologyChanges.None).ShouldBe([10L, 40, 70]);
    }

    [Fact]
    public void At_Episode_IsItsPeriodsScenario()
    {
        NetworkTimeline timeline = Timeline(
            TopologyChanges.None, FlowOf("a", 0, 1, 0, 100, new RateChange(0, 5e6)), FlowOf("b", 1, 2, 0, 30, new RateChange(0, 8e6)));
        var schedule = new ScenarioSchedule(timeline, [0, 30], 5, ChannelWeights.Uniform(FourNodes), Objective.Variance);
        Enumerable.Range(0, 12).Select(episode => schedule.PeriodOf(episode)).ShouldBe([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
        schedule.At(4).Router.Count.ShouldBe(2);
        schedule.At(5).Router.Count.ShouldBe(1);
        schedule.At(5).ShouldBeSameAs(schedule.Of(1));
    }

    [Fact]
    public void Write_Changes_AreReadAgain()
    {
        TopologyChanges changes = Changes(
            """{"10000": {"missing_links": [["1", "2", 0], ["4", "3"]]}, "9000": {"missing_nodes": ["1"]}, "20000": {}}""");
        TopologyChanges again = Changes(changes.Write(FourNodes));
        again.Times.ShouldBe(changes.Times);
        again.Times.ShouldAllBe(time => again.MissingAt(time).SetEquals(changes.MissingAt(time)));
    }

    private static NetworkScenario Scenario(NetworkTimeline timeline, long ms) =>
        new(timeline.Topology, timeline.At(ms), ChannelWeights.Uniform(timeline.Topology), Objective.Variance);

    private static string Name(Topology topology, LinkId id)
    {
        Link link = topology.Links[id.Index];
        return System.Text.Json.JsonSerializer.Serialize(
            new object[] { topology.Labels[link.From.Index], topology.Labels[link.To.Index], link.Key });
    }
}
