using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public sealed class TrafficVariationTests
{
    private static readonly Topology Abilene = TopologyLibrary.Get("abilene");
    private static readonly GravityOptions Gravity = new() { MeanLoad = 0.3, MaxFlowsPerPair = 2, Seed = 1 };

    [Fact]
    public void Draw_SameSet_IsTheSameAndOthersAreOthers()
    {
        TrafficVariation variation = new(4, 0.2, 0.5);
        (FlowSet first, _) = variation.Draw(Abilene, Gravity, 0, 1);
        FlowJson.Write(first, Abilene).ShouldBe(FlowJson.Write(variation.Draw(Abilene, Gravity, 0, 1).Flows, Abilene));
        FlowJson.Write(first, Abilene).ShouldNotBe(FlowJson.Write(variation.Draw(Abilene, Gravity, 0, 2).Flows, Abilene));
        FlowJson.Write(first, Abilene).ShouldNotBe(FlowJson.Write(variation.Draw(Abilene, Gravity with { Seed = 2 }, 0, 1).Flows, Abilene));
    }

    [Fact]
    public void Draw_Failures_TakeALinkAndItsReverseAndLeaveAllConnected()
    {
        TrafficVariation variation = new(8, 0, 1);
        HashSet<LinkId> seen = [];
        for (int set = 1; set < 8; set++)
        {
            LinkId[] down = [.. variation.Draw(Abilene, Gravity, 0, set).Changes.MissingAt(0)];
            down.Length.ShouldBe(2);
            (Link there, Link back) = (Abilene.Links[down[0].Index], Abilene.Links[down[1].Index]);
            (there.From, there.To).ShouldBe((back.To, back.From));
            Topology left = Abilene.Without(down.ToHashSet());
            Enumerable.Range(0, left.NodeCount).ShouldAllBe(node => !left.HopDistancesTo(new NodeId(node)).Contains(-1));
            seen.UnionWith(down);
        }
        seen.Count.ShouldBeGreaterThan(2);
    }

    /// <summary>Sets whose drawn load the topology cannot carry have the run's.</summary>
    [Fact]
    public void Draw_WidestSpread_MakesEverySet()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        GravityOptions gravity = new() { MeanLoad = 0.4, MaxFlowsPerPair = 4, Seed = 1 };
        double[] totals = [.. Enumerable.Range(1, 15).Select(
            set => new TrafficVariation(16, 0.99, 0).Draw(topology, gravity, 0, set).Flows.HighestTotal())];
        totals.ShouldAllBe(total => total > 0);
        totals.Max().ShouldBeGreaterThan(10 * totals.Min());
    }

    [Fact]
    public void Draw_WithoutFailures_LosesNoLink() =>
        new TrafficVariation(2, 0.5, 0).Draw(Abilene, Gravity, 0, 1).Changes.MissingAt(0).ShouldBeEmpty();

    [Fact]
    public void TakingTurns_Episodes_TakeOneAfterTheOtherAndEachIsMadeOnce()
    {
        int made = 0;
        NetworkScenario Make(CancellationToken cancellation)
        {
            made++;
            FlowSet flows = new GravityFlowGenerator(Abilene, Gravity).Generate().Flows;
            FlowRouter router = new(Abilene, flows.ActiveAt(0), new ShortestHopPathCalculator(Abilene), FlowHash.Dx);
            return new NetworkScenario(Abilene, router);
        }
        ScenarioSchedule schedule = ScenarioSchedule.TakingTurns([[Make, Make, Make]], 2);
        schedule.At(4).ShouldBeSameAs(schedule.At(1));
        schedule.At(0).ShouldNotBeSameAs(schedule.At(1));
        (schedule.Periods, schedule.PeriodOf(100), made).ShouldBe((1, 0, 2));
        schedule.Of(0).ShouldBeSameAs(schedule.At(0));
    }

    /// <summary>An actor that asks for it after a trainer has been stopped, or a second time, gets it.</summary>
    [Fact]
    public void At_MakingIsCancelled_IsMadeWhenAskedForAgain()
    {
        GravityFlowGenerator generator = new(Abilene, Gravity);
        ScenarioSchedule schedule = ScenarioSchedule.TakingTurns(
            [[cancellation => new NetworkScenario(
                Abilene,
                new FlowRouter(
                    Abilene, generator.Generate(cancellation).Flows.ActiveAt(0), new ShortestHopPathCalculator(Abilene), FlowHash.Dx))]],
            block: 1);
        Should.Throw<OperationCanceledException>(() => schedule.At(0, new CancellationToken(canceled: true)));
        schedule.At(0).ShouldBeSameAs(schedule.At(7));
    }

    [Fact]
    public void TakingTurns_BlocksOfEpisodes_TakeTopologiesAndEachItsScenarios()
    {
        Func<CancellationToken, NetworkScenario> Make(Topology topology) => _ =>
        {
            FlowSet flows = new GravityFlowGenerator(topology, Gravity).Generate().Flows;
            return new NetworkScenario(
                topology, new FlowRouter(topology, flows.ActiveAt(0), new ShortestHopPathCalculator(topology), FlowHash.Dx));
        };
        Topology small = TopologyLibrary.Get("4-node");
        ScenarioSchedule schedule = ScenarioSchedule.TakingTurns(
            [[Make(Abilene), Make(Abilene), Make(Abilene)], [Make(small), Make(small), Make(small)]], block: 2);
        (schedule.Topologies, schedule.Periods).ShouldBe((2, 1));
        Enumerable.Range(0, 8).Select(episode => schedule.At(episode).Topology.Name)
            .ShouldBe(["abilene", "abilene", "4-node", "4-node", "abilene", "abilene", "4-node", "4-node"]);
        // Of its three scenarios a topology takes the third in its second block, and then the first again.
        schedule.At(5).ShouldBeSameAs(schedule.At(0));
        schedule.At(7).ShouldBeSameAs(schedule.At(2));
        new[] { 0, 1, 4, 2, 3, 6 }.Select(episode => schedule.At(episode)).Distinct().Count().ShouldBe(6);
    }

    /// <summary>Where a drawn topology cannot carry the load, it has less.</summary>
    [Fact]
    public void Draw_OnDrawnTopologies_MakesEverySet()
    {
        TrafficVariation variation = new(3, 0.2, 0.5) { Graphs = 20, Graph = new WaxmanTopology(4, 12) };
        GravityOptions gravity = Gravity with { MeanLoad = 0.8 };
        for (int graph = 1; graph <= 20; graph++)
        {
            Topology topology = variation.DrawGraph(gravity.Seed, graph);
            string[] sets = [.. Enumerable.Range(0, 3).Select(
                set => FlowJson.Write(variation.Draw(topology, gravity, graph, set).Flows, topology))];
            sets.Distinct().Count().ShouldBe(3);
        }
    }
}
