using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;

namespace AkkaLb.Runtime.Tests.Experiments.Grids;

/// <summary>
/// The published parameter studies in <c>hocon/network/grids</c> have as many cells as published, each a valid experiment.
/// </summary>
public class ShippedGridsTests
{
    [Theory]
    [InlineData("4-node", 24)]
    [InlineData("abilene", 26)]
    [InlineData("abilene-trajectory", 16)]
    [InlineData("4-node-methods", 4)]
    [InlineData("4-node-memory", 15)]
    public void Read_ShippedGrid_HasItsCells(string name, int cells)
    {
        ExperimentSource source = ExperimentSource.Load(new ExperimentRequest(Path.Combine(Grids(), $"{name}.conf")));
        GridDefinition grid = GridDefinition.Read(source);

        grid.Cells.Count.ShouldBe(cells);
        grid.Cells.Select(c => c.Name).ShouldBeUnique();
        grid.Seeds.ShouldBe([1, 2, 3]);
        foreach (GridDefinition.Cell cell in grid.Cells)
        {
            ExperimentRunner.Inputs(grid.Configure(cell, 1), cell.Name, source.BaseFolder, RunPath.Batched).ShouldNotBeEmpty();
        }
    }

    private static string Grids()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AkkaLb.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no AkkaLb.sln above the tests");
        }
        return Path.Combine(folder, "hocon", "network", "grids");
    }
}
