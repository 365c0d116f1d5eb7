using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>Golden vectors of the specification, appendix A: numbering, adjacency and candidates.</summary>
public class DagPathCalculatorTests
{
    [Theory]
    [InlineData("4-node", "1 2 4 3")]
    [InlineData("abilene", "New York,Indianapolis,Kansas City,Seattle,Sunnyvale,Houston,Atlanta")]
    [InlineData("symm16", "1 2 4 3 5 9 6 10 13 11 7 12 8 14 15 16")]
    [InlineData("geant2009", "FR LU DE NL BE UK PT ES CH IT GR CY BG TR RO HU SK CZ PL LT LV EE DK RU NO SE AT SL HR MT")]
    public void Numbers_PublishedTopology_AreThePublishedOnes(string name, string expected)
    {
        Topology topology = TopologyLibrary.Get(name);
        IReadOnlyList<int> numbers = new DagPathCalculator(topology).Numbers;

        string[] order = [.. Enumerable.Range(0, topology.NodeCount).OrderBy(node => numbers[node]).Select(node => topology.Labels[node])];

        order.ShouldBe(expected.Split(name == "abilene" ? ',' : ' '));
        numbers.Order().ShouldBe(Enumerable.Range(1, topology.NodeCount));
    }

    [Theory]
    [InlineData("4-node", "1>3,2; 2>4; 4>3")]
    [InlineData("abilene", "New York>Atlanta,Indianapolis; Indianapolis>Atlanta,Kansas City; Kansas City>Seattle,Sunnyvale,Houston; "
        + "Seattle>Sunnyvale; Sunnyvale>Houston; Houston>Atlanta")]
    [InlineData("symm16", "1>3,2; 2>8,7,5,4,6; 4>3; 3>8,7,5,6; 5>9,10; 9>6,14,13; 6>10; 10>14,13; 13>16,15,11,12; 11>8,7,14; 7>12; "
        + "12>8,14; 14>16,15")]
    [InlineData("geant2009", "FR>UK,LU,CH,ES; LU>DE; DE>RU,PL,NL,DK,CZ,CH,AT; NL>MT,DK,BE; BE>UK; UK>PT; PT>ES; ES>CH,IT; CH>IT; "
        + "IT>MT,CY,GR,AT; GR>CY,AT,BG; BG>TR,RO,HU; TR>RO; RO>HU; HU>SK,HR; SK>CZ,AT; CZ>PL; PL>LT; LT>LV; LV>EE; EE>DK; "
        + "DK>SE,RU,NO; NO>SE; AT>SL; SL>HR")]
    public void Forward_PublishedTopology_HasThePublishedSuccessorOrder(string name, string expected) =>
        Describe(name, calculator => calculator.Forward).ShouldBe(expected.Split("; "), ignoreOrder: true);

    [Theory]
    [InlineData("4-node", "2>1; 4>2; 3>1,4")]
    [InlineData("abilene", "Indianapolis>New York; Kansas City>Indianapolis; Seattle>Kansas City; Sunnyvale>Seattle,Kansas City; "
        + "Houston>Sunnyvale,Kansas City; Atlanta>New York,Houston,Indianapolis")]
    [InlineData("symm16", "2>1; 4>2; 3>1,4; 5>2,3; 9>5; 6>9,2,3; 10>6,5; 13>9,10; 11>13; 7>2,11,3; 12>7,13; 8>2,12,11,3; "
        + "14>9,12,11,10; 15>14,13; 16>14,13")]
    [InlineData("geant2009", "LU>FR; DE>LU; NL>DE; BE>NL; UK>FR,BE; PT>UK; ES>PT,FR; CH>FR,ES,DE; IT>ES,CH; GR>IT; CY>IT,GR; BG>GR; "
        + "TR>BG; RO>TR,BG; HU>RO,BG; SK>HU; CZ>SK,DE; PL>CZ,DE; LT>PL; LV>LT; EE>LV; DK>EE,NL,DE; RU>DK,DE; NO>DK; SE>NO,DK; "
        + "AT>SK,IT,GR,DE; SL>AT; HR>SL,HU; MT>IT,NL")]
    public void Reverse_PublishedTopology_HasThePublishedSuccessorOrder(string name, string expected) =>
        Describe(name, calculator => calculator.Reverse).ShouldBe(expected.Split("; "), ignoreOrder: true);

    [Theory]
    [InlineData("New York", "Seattle", "Indianapolis,Atlanta,Indianapolis")]
    [InlineData("Seattle", "Atlanta", "Sunnyvale,Kansas City")]
    [InlineData("Houston", "Indianapolis", "Sunnyvale,Kansas City,Atlanta")]
    [InlineData("Sunnyvale", "New York", "Seattle,Kansas City,Houston")]
    public void Candidates_AbileneFirstHop_AreThePublishedOnes(string from, string to, string expected)
    {
        Topology topology = TopologyLibrary.Get("abilene");
        topology.TryFindNode(from, out NodeId source).ShouldBeTrue();
        topology.TryFindNode(to, out NodeId destination).ShouldBeTrue();

        List<LinkId> candidates = new DagPathCalculator(topology).Candidates(source, null, source, destination);

        candidates.Select(link => topology.Labels[topology.Links[link.Index].To.Index]).ShouldBe(expected.Split(','));
    }

    private static List<string> Describe(string name, Func<DagPathCalculator, Dag> half)
    {
        Topology topology = TopologyLibrary.Get(name);
        int[][] successors = half(new DagPathCalculator(topology)).Successors;
        return [.. Enumerable.Range(0, topology.NodeCount).Where(node => successors[node].Length > 0).Select(node =>
            $"{topology.Labels[node]}>{string.Join(",", successors[node].Select(next => topology.Labels[next]))}")];
    }
}
