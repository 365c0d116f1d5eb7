using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

/// <summary>Every file under <c>hocon/datacenter</c> is a valid experiment or grid of the family.</summary>
public class ShippedExperimentsTests
{
    public static IEnumerable<object[]> Names =>
        Directory.EnumerateFiles(Folder(), "*.conf", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => new object[] { Path.GetRelativePath(Folder(), f) });

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_ShippedFile_IsValid(string name)
    {
        ExperimentSource source = ExperimentSource.Load(new ExperimentRequest(Path.Combine(Folder(), name)));
        ExperimentRunner.Family(source.Resolved, name).ShouldBe("datacenter");
        if (!GridDefinition.IsGrid(source.Resolved))
        {
            ExperimentRunner.Inputs(source.Resolved, name, source.BaseFolder, RunPath.Batched).ShouldNotBeEmpty();
            return;
        }
        GridDefinition grid = GridDefinition.Read(source);
        foreach (GridDefinition.Cell cell in grid.Cells)
        {
            ExperimentRunner.Inputs(grid.Configure(cell, 1), cell.Name, source.BaseFolder, RunPath.Batched).ShouldNotBeEmpty();
        }
    }

    private static string Folder()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AkkaLb.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no AkkaLb.sln above the tests");
        }
        return Path.Combine(folder, "hocon", "datacenter");
    }
}
