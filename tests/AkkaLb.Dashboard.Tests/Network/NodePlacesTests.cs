using AkkaLb.Dashboard.Network;
using AkkaLb.Domain.Network;

namespace AkkaLb.Dashboard.Tests.Network;

public class NodePlacesTests
{
    private static readonly Topology Four = TopologyLibrary.Get("4-node");

    [Fact]
    public void Of_PositionsOfTheFile_AreKeptNorthUp() => NodePlaces.Of(With(new(0, 0), new(10, 0), new(10, 5), new(0, 5)))
        .ShouldBe([(0, 1), (1, 1), (1, 0), (0, 0)]);

    [Fact]
    public void Of_NodeWithoutPosition_StandsAmongItsNeighbours()
    {
        (double X, double Y)[] places = NodePlaces.Of(With(new(0, 0), new(10, 0), new(10, 5), null));
        places[3].X.ShouldBeInRange(0, 1);
        places[3].Y.ShouldBeInRange(0, 1);
        places[..3].ShouldBe([(0, 1), (1, 1), (1, 0)]);
    }

    [Fact]
    public void Of_NodesAtOnePlace_AreSeenApart()
    {
        (double X, double Y)[] places = NodePlaces.Of(With(new(1, 1), new(1, 1), new(10, 5), new(0, 5)));
        (Math.Abs(places[0].X - places[1].X) + Math.Abs(places[0].Y - places[1].Y)).ShouldBeGreaterThan(0.03);
    }

    [Fact]
    public void Of_FewPositionsOrOneForAll_IsTheStableLayout()
    {
        (double, double)[] stable = StableLayout.Of(Four);
        NodePlaces.Of(Four).ShouldBe(stable);
        NodePlaces.Of(With(new(0, 0), null, null, null)).ShouldBe(stable);
        NodePlaces.Of(With(new(0, 0), new(0, 0), new(0, 0), new(0, 0))).ShouldBe(stable);
    }

    private static Topology With(params NodePosition?[] positions) => new(Four.Name, Four.Labels, Four.Links) { Positions = positions };
}
