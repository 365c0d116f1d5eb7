using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class GravityFlowGeneratorTests
{
    [Theory]
    [InlineData("4-node", 0.4)]
    [InlineData("4-node", 0.6)]
    [InlineData("abilene", 0.4)]
    [InlineData("abilene", 0.6)]
    [InlineData("symm16", 0.4)]
    [InlineData("geant2009", 0.4)]
    public void Generate_TargetMeanLoad_IsReached(string name, double target)
    {
        Topology topology = TopologyLibrary.Get(name);

        GeneratedFlows generated = Generate(topology, target, 1);

        generated.PlacementMeanLoad.ShouldBe(target, 0.005);

        // On equal weights DAG routing takes longer paths than the placement, never much shorter ones.
        FlowRouter router = new(topology, generated.Flows.ActiveAt(0), new DagPathCalculator(topology));
        NetworkEnvironment environment = new(new NetworkScenario(topology, router));
        environment.MeanUtilisation.ShouldBeInRange(target * 0.9, target * 2);
        IReadOnlyList<ActiveFlow> active = generated.Flows.ActiveAt(0);
        active.Count.ShouldBe(generated.Flows.Flows.Count);
        active.Select(flow => (flow.Start, flow.End)).Distinct().Count().ShouldBe(topology.NodeCount * (topology.NodeCount - 1));
        active.Select(flow => flow.Id).Distinct().Count().ShouldBe(active.Count);
        generated.Flows.Flows.ShouldAllBe(flow => flow.EndMs >= 25_000 && flow.EndMs <= 700_000 && flow.Rates.Single().BitsPerSecond >= 1);
    }

    [Fact]
    public void Generate_MassesOfNodes_DecideWhoSends()
    {
        Topology topology = TopologyLibrary.Get("abilene");
        double Share(IReadOnlyList<double>? masses)
        {
            FlowSet flows = new GravityFlowGenerator(topology,
                new GravityOptions { MeanLoad = 0.2, Seed = 1, Masses = masses }).Generate().Flows;
            return flows.Flows.Where(flow => flow.Start.Index == 0).Sum(flow => flow.Rates[0].BitsPerSecond)
                / flows.Flows.Sum(flow => flow.Rates[0].BitsPerSecond);
        }

        Share([20, .. Enumerable.Repeat(1.0, topology.NodeCount - 1)]).ShouldBeGreaterThan(2 * Share(null));
    }

    [Theory]
    [InlineData("node,mass\n1,2\n2,3\n3,4\n4,5\n", null)]
    [InlineData("node,mass\n1,2\n", "m: expected a mass of every node, found none of 2")]
    [InlineData("node,mass\n1,2\n1,2\n", "m, line 3: expected a node of 4-node that has no mass yet, found '1'")]
    [InlineData("node,mass\n1,-2\n", "m, line 2: expected a mass above 0, found '-2'")]
    [InlineData("node\n1\n", "m, line 1: expected a column mass, found node")]
    [InlineData("# masses\n\nnode\n1\n", "m, line 3: expected a column mass, found node")]
    public void Masses_Csv_OnePerNode(string text, string? message)
    {
        Topology topology = TopologyLibrary.Get("4-node");
        if (message is null)
        {
            NodeMasses.Read(text, "m", topology).ShouldBe([2, 3, 4, 5]);
        }
        else
        {
            Should.Throw<InvalidInputException>(() => NodeMasses.Read(text, "m", topology)).Message.ShouldBe(message);
        }
    }

    [Fact]
    public void Generate_LargeNetwork_ReachesTheLoadForAllPairsInFewPasses()
    {
        Link[] ring = [.. Enumerable.Range(0, 210).SelectMany(i => new[] { 1, 14 }.Select(step => (From: i, To: (i + step) % 210)))
            .SelectMany(e => new[] { e, (From: e.To, To: e.From) }).Select(e => new Link(new NodeId(e.From), new NodeId(e.To), 1e9))];
        Topology topology = new("ring", [.. Enumerable.Range(0, 210).Select(i => $"{i}")], ring);
        int passes = 0;
        GeneratedFlows Run() => new GravityFlowGenerator(topology, new GravityOptions { MeanLoad = 0.4, Seed = 2, MaxFlowsPerPair = 2 })
            .Generate(progress: _ => passes++);

        GeneratedFlows generated = Run();

        generated.PlacementMeanLoad.ShouldBe(0.4, 0.005);
        passes.ShouldBeLessThan(40);
        generated.Flows.Flows.Select(flow => (flow.Start, flow.End)).Distinct().Count().ShouldBe(210 * 209);
        FlowJson.Write(Run().Flows, topology).ShouldBe(FlowJson.Write(generated.Flows, topology));
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameFileAndAnotherSeedAnother()
    {
        Topology topology = TopologyLibrary.Get("abilene");
        string first = FlowJson.Write(Generate(topology, 0.4, 1).Flows, topology);
        FlowJson.Write(Generate(topology, 0.4, 1).Flows, topology).ShouldBe(first);
        FlowJson.Write(Generate(topology, 0.4, 2).Flows, topology).ShouldNotBe(first);
    }

    [Fact]
    public void Generate_Ids_LookLikeVersion4Uuids() =>
        Generate(TopologyLibrary.Get("4-node"), 0.4, 3).Flows.Flows.ShouldAllBe(flow =>
            System.Text.RegularExpressions.Regex.IsMatch(
                flow.Id.Value, "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));

    [Fact]
    public void Generate_ImpossibleLoad_SaysWhatIsPossible() =>
        Should.Throw<InvalidInputException>(() => Generate(TopologyLibrary.Get("4-node"), 0.999, 1))
            .Message.ShouldStartWith("4-node: mean load 0.999 cannot be reached, at most 0.");

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(double.NaN, 4)]
    [InlineData(0.4, 0)]
    public void Constructor_OptionOutOfRange_IsRefused(double load, int flowsPerPair) =>
        Should.Throw<InvalidInputException>(() => new GravityFlowGenerator(
            TopologyLibrary.Get("4-node"), new GravityOptions { MeanLoad = load, MaxFlowsPerPair = flowsPerPair }));

    private static GeneratedFlows Generate(Topology topology, double load, ulong seed) =>
        new GravityFlowGenerator(topology, new GravityOptions { MeanLoad = load, Seed = seed }).Generate();
}
