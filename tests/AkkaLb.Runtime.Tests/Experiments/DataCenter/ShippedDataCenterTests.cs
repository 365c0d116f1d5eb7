using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

/// <summary>Every file in <c>hocon/datacenter</c> is a valid experiment, or a grid of such; a trace is the user's to name.</summary>
public class ShippedDataCenterTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder(), "*.conf", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder(), f)).Where(f => f != "trace.conf").Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_ShippedFile_IsValid(string file)
    {
        ExperimentSource source = ExperimentSource.Load(new ExperimentRequest(Path.Combine(Folder(), file)));
        if (!GridDefinition.IsGrid(source.Resolved))
        {
            ExperimentRunner.Inputs(source.Resolved, file, source.BaseFolder).ShouldNotBeEmpty();
            return;
        }
        GridDefinition grid = GridDefinition.Read(source);
        foreach (GridDefinition.Cell cell in grid.Cells)
        {
            ExperimentRunner.Inputs(grid.Configure(cell, 1), cell.Name, source.BaseFolder).ShouldNotBeEmpty();
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
