using System.Globalization;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Network.Partitions;

namespace AkkaLb.Bench.Cluster;

/// <summary>Pairs of neighbouring links that are on different nodes: by ranges of cells, and where a hash would put them.</summary>
internal static class PartitionTable
{
    private const int Cells = 24;

    public static int Run()
    {
        Console.WriteLine("topology    links  pairs  nodes  cut  hashed");
        foreach (string name in TopologyLibrary.Names)
        {
            GraphPartition partition = GraphPartition.Of(TopologyLibrary.Get(name), Cells);
            foreach (int nodes in (int[])[2, 3, 4, 8])
            {
                int cut = partition.CutOf([.. partition.CellOf.Select(cell => (int)((long)cell * nodes / partition.Cells))]);
                int hashed = partition.CutOf(
                    [.. Enumerable.Range(0, partition.CellOf.Count).Select(link => (int)(link * 2654435761L >> 8) % nodes)]);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-10}  {partition.CellOf.Count,5}  {partition.Pairs,5}  {nodes,5}  {cut,3}  {hashed,6}"));
            }
        }
        return 0;
    }
}
