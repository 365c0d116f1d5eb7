using AkkaLb.Domain.Network;
using AkkaLb.Domain.Network.Partitions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AkkaLb.Domain.Tests.Network.Partitions;

public class GraphPartitionTests
{
    public static TheoryData<string> Topologies => [.. TopologyLibrary.Names];

    /// <summary>Cells differ by one link at most for every halving that made them, and every link is in one.</summary>
    [Property]
    public bool Of_AnyNumberOfCells_BalancesThem(PositiveInt cells, PositiveInt name)
    {
        Topology topology = TopologyLibrary.Get(TopologyLibrary.Names[name.Get % TopologyLibrary.Names.Count]);
        GraphPartition partition = GraphPartition.Of(topology, cells.Get);
        int[] sizes = [.. Enumerable.Range(0, partition.Cells).Select(cell => partition.CellOf.Count(c => c == cell))];
        int depth = (int)Math.Ceiling(Math.Log2(partition.Cells + 1));
        return partition.Cells == Math.Min(cells.Get, topology.LinkCount) && sizes.Sum() == topology.LinkCount
            && sizes.Min() >= 1 && sizes.Max() - sizes.Min() <= depth;
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Of_Twice_IsTheSame(string name)
    {
        Topology topology = TopologyLibrary.Get(name);
        GraphPartition.Of(topology, 8).CellOf.ShouldBe(GraphPartition.Of(topology, 8).CellOf);
    }

    /// <summary>A partition is worth its while when it cuts much less than a hash would.</summary>
    [Theory]
    [InlineData("abilene", 3)]
    [InlineData("geant2009", 3)]
    [InlineData("geant2009", 12)]
    public void Of_PublishedTopology_CutsLessThanTwoThirdsOfAHash(string name, int cells)
    {
        GraphPartition partition = GraphPartition.Of(TopologyLibrary.Get(name), cells);
        int hashed = partition.CutOf(
            [.. Enumerable.Range(0, partition.CellOf.Count).Select(link => (int)(link * 2654435761L >> 8) % cells)]);
        partition.Cut.ShouldBeLessThan(hashed * 2 / 3);
        partition.Cut.ShouldBe(partition.CutOf(partition.CellOf));
    }

    /// <summary>A chain of cells: a node that has a range of them has few neighbours elsewhere.</summary>
    [Fact]
    public void Of_CellsInRanges_CutLessThanCellsDealtInTurns()
    {
        GraphPartition partition = GraphPartition.Of(TopologyLibrary.Get("geant2009"), 24);
        int ranges = partition.CutOf([.. partition.CellOf.Select(cell => cell / 8)]);
        int dealt = partition.CutOf([.. partition.CellOf.Select(cell => cell % 3)]);
        ranges.ShouldBeLessThan(dealt / 2);
    }
}
