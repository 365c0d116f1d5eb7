using System.Globalization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>Golden vectors of the specification, appendix A, that need the published flow sets.</summary>
public class PublishedPhiTests
{
    private static readonly Func<int, double>[] Weights =
        [_ => 1, i => Math.Pow(1.25, i % 3), i => Math.Pow(1.25, i % 7), i => 1 + 7 * i % 11];

    [SkippableTheory]
    [InlineData("rhombus", 40, "0.033131191622", "0.071021620424", "0.071021620424", "0.026610284657")]
    [InlineData("rhombus", 60, "0.435381697156", "0.435829907990", "0.441626230442", "0.152196699444")]
    [InlineData("abilene", 40, "0.038215366723", "0.031250340851", "0.042881917203", "0.042587952750")]
    [InlineData("abilene", 60, "0.069993479268", "0.063980077819", "0.060087428356", "0.069987565531")]
    [InlineData("symm16", 40, "0.031938666664", "0.033803143176", "0.032827923340", "0.044807657546")]
    [InlineData("geant2009", 40, "0.120075073408", "0.131326802225", "0.102260746745", "0.151008048255")]
    public void Route_PublishedFlows_GivesThePublishedPhi(string set, int percent, params string[] expected)
    {
        (Topology topology, FlowRouter router) = Router(set, percent);

        string[] phis = [.. Weights.Select(weight =>
            ObjectiveFunction.Variance(Loads(topology, router, weight), topology.Capacities).ToString(
                "F12", CultureInfo.InvariantCulture))];

        phis.ShouldBe(expected);
    }

    [SkippableTheory]
    [InlineData("rhombus", 40, .4153, .6721)]
    [InlineData("rhombus", 60, .8287, 2.372)]
    [InlineData("abilene", 40, .4332, .9976)]
    [InlineData("abilene", 60, .6209, 1.164)]
    [InlineData("symm16", 40, .4236, .8717)]
    [InlineData("geant2009", 40, .5983, 1.500)]
    public void Route_EqualWeights_GivesThePublishedUtilisation(string set, int percent, double mean, double max)
    {
        (Topology topology, FlowRouter router) = Router(set, percent);
        double[] loads = Loads(topology, router, _ => 1);

        ObjectiveFunction.MeanUtilisation(loads, topology.Capacities).ShouldBe(mean, 0.00005);
        Objective.MaxUtilisation.Evaluate(loads, topology.Capacities).ShouldBe(max, max > 1 ? 0.0005 : 0.00005);
    }

    [SkippableTheory]
    [InlineData("rhombus", 40, 6721297, 12185741, 25475244, 16186942, 8385185, 9855813, 11130328, 10593838)]
    [InlineData("rhombus", 60, 23721872, 23568601, 16758158, 32010389, 14844938, 36570439, 9211893, 13761146)]
    [InlineData("abilene", 40, 7631984, 5132958, 8238084, 13886849, 10095806, 5906317, 16114798, 9779051, 5878771, 15138304, 24939567,
        11257414, 13025498, 12577609, 5571269, 7231490, 10957823, 6834305, 18054165, 8351333)]
    public void Route_EqualWeights_GivesThePublishedLoads(string set, int percent, params int[] expected)
    {
        (Topology topology, FlowRouter router) = Router(set, percent);
        Loads(topology, router, _ => 1).ShouldBe(expected.Select(load => (double)load));
    }

    [SkippableTheory]
    [InlineData("rhombus", 40, .0331)]
    [InlineData("rhombus", 60, .4354)]
    [InlineData("abilene", 40, .0398)]
    [InlineData("abilene", 60, .0545)]
    [InlineData("symm16", 40, .0212)]
    [InlineData("geant2009", 40, .0802)]
    public void Route_ShortestHopCandidates_GivesThePublishedPhi(string set, int percent, double expected)
    {
        (Topology topology, IReadOnlyList<ActiveFlow> flows) = PublishedData.Load(set, percent);
        var router = new FlowRouter(topology, flows, new ShortestHopPathCalculator(topology));
        ObjectiveFunction.Variance(Loads(topology, router, _ => 1), topology.Capacities).ShouldBe(expected, 0.00005);
    }

    [SkippableTheory]
    [InlineData("rhombus", 40, 12, 63)]
    [InlineData("abilene", 40, 42, 107)]
    [InlineData("symm16", 40, 240, 593)]
    [InlineData("geant2009", 40, 870, 1766)]
    public void Read_PublishedFlows_FindsAllOfThem(string set, int percent, int pairs, int flows)
    {
        (_, IReadOnlyList<ActiveFlow> active) = PublishedData.Load(set, percent);
        active.Count.ShouldBe(flows);
        active.Select(flow => (flow.Start, flow.End)).Distinct().Count().ShouldBe(pairs);
    }

    [SkippableTheory]
    [InlineData("4-node", "rhombus")]
    [InlineData("abilene", "abilene")]
    [InlineData("symm16", "symm16")]
    [InlineData("geant2009", "geant2009")]
    public void TopologyLibrary_EveryTopology_IsThePublishedOne(string name, string set)
    {
        Topology published = GmlTopology.Read(PublishedData.Text(set, "topology.gml"), "topology.gml");
        Topology declared = TopologyLibrary.Get(name);

        declared.Labels.ShouldBe(published.Labels);
        declared.Links.ShouldBe(published.Links.Select(link => link with { Name = "" }));
    }

    private static (Topology Topology, FlowRouter Router) Router(string set, int percent)
    {
        (Topology topology, IReadOnlyList<ActiveFlow> flows) = PublishedData.Load(set, percent);
        return (topology, new FlowRouter(topology, flows, new DagPathCalculator(topology)));
    }

    private static double[] Loads(Topology topology, FlowRouter router, Func<int, double> weight)
    {
        double[] weights = [.. Enumerable.Range(0, topology.LinkCount).Select(weight)], loads = new double[topology.LinkCount];
        router.Route(weights, loads).ShouldBe(0);
        return loads;
    }
}
