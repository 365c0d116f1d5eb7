using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class TopologyTests
{
    [Theory]
    [InlineData("4-node", 4, 8, 16, 2)]
    [InlineData("abilene", 7, 20, 60, 3)]
    [InlineData("symm16", 16, 64, 288, 5)]
    [InlineData("geant2009", 30, 96, 374, 7)]
    public void Get_EveryBuiltInTopology_HasThePublishedSize(string name, int nodes, int links, int messages, int diameter)
    {
        Topology topology = TopologyLibrary.Get(name);
        (topology.NodeCount, topology.LinkCount, topology.MessagesPerExchange, topology.Diameter())
            .ShouldBe((nodes, links, messages, diameter));
    }

    [Theory]
    [InlineData("4-node", "1→2 1→3 2→4 2→1 3→4 3→1 4→2 4→3")]
    [InlineData(
        "abilene", "New York→Indianapolis New York→Atlanta Seattle→Sunnyvale Seattle→Kansas City Sunnyvale→Seattle Sunnyvale→Houston "
        + "Sunnyvale→Kansas City Kansas City→Seattle Kansas City→Sunnyvale Kansas City→Houston Kansas City→Indianapolis Houston→Sunnyvale "
        + "Houston→Kansas City Houston→Atlanta Atlanta→New York Atlanta→Houston Atlanta→Indianapolis Indianapolis→New York "
        + "Indianapolis→Kansas City Indianapolis→Atlanta")]
    public void Links_PublishedTopology_AreInThePublishedOrder(string name, string expected)
    {
        Topology topology = TopologyLibrary.Get(name);
        string.Join(' ', topology.Links.Select(link => $"{topology.Labels[link.From.Index]}→{topology.Labels[link.To.Index]}"))
            .ShouldBe(expected);
    }

    [Fact]
    public void Links_EdgesOutOfOrder_FollowNodesThenFirstAppearanceOfTheNeighbourThenKeys()
    {
        Link[] edges =
        [
            Edge(1, 2, "a"), Edge(0, 2, "b"), Edge(0, 1, "c"), Edge(1, 0, "d"), Edge(0, 2, "e", key: 1), Edge(2, 0, "f"),
            Edge(1, 2, "g", key: 3),
        ];
        new Topology("t", ["x", "y", "z"], edges).Links.Select(link => link.Name).ShouldBe(["b", "e", "c", "a", "g", "d", "f"]);
    }

    [Fact]
    public void Successors_AndPredecessors_AreAllPairsThatShareANode() => RandomNetwork.ForAll((network, _) =>
    {
        Topology topology = network.Topology;
        int messages = 0;
        for (int e = 0; e < topology.LinkCount; e++)
        {
            int[] successors = topology.Successors(new LinkId(e)).ToArray();
            successors.ShouldBe(Enumerable.Range(0, topology.LinkCount).Where(f => topology.Links[f].From == topology.Links[e].To));
            successors.All(f => topology.Predecessors(new LinkId(f)).Contains(e)).ShouldBeTrue();
            messages += successors.Length;
        }

        messages.ShouldBe(topology.MessagesPerExchange);
    }, tests: 30);

    [Fact]
    public void Without_ALink_KeepsNodesAndTheOtherLinks()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        Topology smaller = topology.Without(new HashSet<LinkId> { new(1), new(5) });
        smaller.Labels.ShouldBe(topology.Labels);
        smaller.Links.ShouldBe(topology.Links.Where((_, index) => index is not (1 or 5)));
    }

    [Fact]
    public void FindLink_ByLabels_FindsOnlyWhatThereIs()
    {
        Topology topology = TopologyLibrary.Get("abilene");
        topology.FindLink("Seattle", "Kansas City").ShouldBe(new LinkId(3));
        topology.Describe(new LinkId(3)).ShouldBe("Seattle → Kansas City");
        topology.FindLink("Seattle", "Kansas City", key: 1).ShouldBeNull();
        topology.FindLink("Seattle", "Houston").ShouldBeNull();
        topology.FindLink("Nowhere", "Houston").ShouldBeNull();
    }

    [Fact]
    public void Get_UnknownName_ListsTheNames() =>
        Should.Throw<InvalidInputException>(() => TopologyLibrary.Get("abilen")).Message
            .ShouldBe("topology \"abilen\" is not built in, expected one of 4-node, abilene, symm16, geant2009");

    [Fact]
    public void Constructor_BadLinks_AreNamed()
    {
        Message(new Link(new NodeId(0), new NodeId(0), 1)).ShouldBe("t: link x → x is a self-loop, expected two different nodes");
        Message(new Link(new NodeId(0), new NodeId(1), -1)).ShouldBe("t: link x → y has bandwidth -1, expected a positive number of bit/s");
        Message(new Link(new NodeId(0), new NodeId(5), 1)).ShouldBe("t: a link joins node 0 and node 5, expected 0 … 1");
        Message(Edge(0, 1, ""), Edge(0, 1, "")).ShouldBe("t: link x → y with key 0 appears twice");
        Message().ShouldBe("t: expected at least one node and one link");

        static string Message(params Link[] links) =>
            Should.Throw<InvalidInputException>(() => new Topology("t", ["x", "y"], links)).Message;
    }

    private static Link Edge(int from, int to, string name, int key = 0) => new(new NodeId(from), new NodeId(to), 1, key, name);
}
