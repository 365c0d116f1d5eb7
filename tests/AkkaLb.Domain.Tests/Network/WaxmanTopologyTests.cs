using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

public sealed class WaxmanTopologyTests
{
    private static readonly WaxmanTopology Graphs = new(5, 20);

    private static Topology Draw(int number) => Graphs.Draw(new RandomStream(1, $"graph-{number}"), "drawn");

    [Fact]
    public void Draw_AnyNumber_IsConnectedAndLinksComeInPairs()
    {
        Topology[] drawn = [.. Enumerable.Range(0, 60).Select(Draw)];
        foreach (Topology topology in drawn)
        {
            topology.NodeCount.ShouldBeInRange(5, 20);
            (topology.LinkCount / 2.0).ShouldBeInRange(topology.NodeCount - 1, 1.7 * topology.NodeCount + 1);
            Enumerable.Range(0, topology.NodeCount).ShouldAllBe(node => !topology.HopDistancesTo(new NodeId(node)).Contains(-1));
            topology.Links.ShouldAllBe(link =>
                topology.Links.Count(other => other.From == link.To && other.To == link.From && other.Capacity == link.Capacity) == 1);
        }

        drawn.Select(topology => topology.NodeCount).Distinct().Count().ShouldBeGreaterThan(12);
        drawn.Count(topology => topology.Links.DistinctBy(link => link.Capacity).Count() == 1).ShouldBeInRange(15, 45);
    }

    [Fact]
    public void Draw_NearPairs_AreJoinedMoreOften()
    {
        List<double> joined = [], all = [];
        for (int number = 0; number < 40; number++)
        {
            Topology topology = Draw(number);
            double Distance(int a, int b)
            {
                (NodePosition from, NodePosition to) = (topology.Positions[a]!.Value, topology.Positions[b]!.Value);
                return Math.Sqrt(Math.Pow(from.X - to.X, 2) + Math.Pow(from.Y - to.Y, 2));
            }
            joined.AddRange(topology.Links.Select(link => Distance(link.From.Index, link.To.Index)));
            all.AddRange(Enumerable.Range(1, topology.NodeCount - 1).SelectMany(b => Enumerable.Range(0, b).Select(a => Distance(a, b))));
        }

        joined.Average().ShouldBeLessThan(0.7 * all.Average());
    }

    [Fact]
    public void Draw_SameStream_IsTheSame()
    {
        GmlTopology.Write(Draw(3)).ShouldBe(GmlTopology.Write(Draw(3)));
        GmlTopology.Write(Draw(3)).ShouldNotBe(GmlTopology.Write(Draw(4)));
    }
}
