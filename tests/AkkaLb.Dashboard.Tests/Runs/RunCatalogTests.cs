using AkkaLb.Dashboard.Runs;
using AkkaLb.Domain;

namespace AkkaLb.Dashboard.Tests.Runs;

[Collection(SampleRunsCollection.Name)]
public class RunCatalogTests(SampleRuns runs)
{
    [Fact]
    public void All_OfAFolder_AreItsRuns() => Catalog(runs.Folder).All().ShouldBe(
        [SampleRuns.DataCenter, SampleRuns.Game, SampleRuns.InTime, SampleRuns.Network, SampleRuns.Other, SampleRuns.Static]);

    [Fact]
    public void All_OfARun_AreItAndThoseBesideIt()
    {
        RunCatalog catalog = Catalog(runs[SampleRuns.Network]);
        catalog.Main.ShouldBe(SampleRuns.Network);
        catalog.All().ShouldContain(SampleRuns.Other);
    }

    [Fact]
    public void All_OfTheFolderAbove_HaveItsNameBeforeTheirs()
    {
        string above = Directory.CreateTempSubdirectory("akkalb-catalog-").FullName;
        try
        {
            string inner = Path.Combine(above, "grid", "runs");
            Directory.CreateDirectory(inner);
            Directory.CreateSymbolicLink(Path.Combine(inner, "one"), runs[SampleRuns.Network]);
            RunCatalog catalog = Catalog(above);
            catalog.All().ShouldBe(["grid:runs:one"]);
            catalog.Find("grid:runs:one").ShouldNotBeNull().Method.ShouldBe("samaroh");
        }
        finally
        {
            Directory.Delete(above, recursive: true);
        }
    }

    /// <summary>An id is no path: nothing outside the folder is opened.</summary>
    [Theory]
    [InlineData("..:other")]
    [InlineData("../other")]
    [InlineData("")]
    [InlineData("nothing")]
    public void Find_WhatIsNotListed_IsNull(string id) => Catalog(runs.Folder).Find(id).ShouldBeNull();

    /// <summary>JSON of another kind is said of that run, and of no other.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"status\":5}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public void Refresh_SummaryThatIsNone_IsSaid(string summary)
    {
        string above = Directory.CreateTempSubdirectory("akkalb-catalog-").FullName;
        try
        {
            string run = Path.Combine(above, "one");
            Directory.CreateDirectory(run);
            File.Copy(Path.Combine(runs[SampleRuns.Network], "experiment.conf"), Path.Combine(run, "experiment.conf"));
            File.WriteAllText(Path.Combine(run, "summary.json"), summary);
            Should.Throw<InvalidInputException>(() => Catalog(above).Find("one")).Message
                .ShouldContain("summary.json: expected a run's summary: ");
        }
        finally
        {
            Directory.Delete(above, recursive: true);
        }
    }

    private static RunCatalog Catalog(string path) => new(new DashboardOptions(0) { Runs = path }, TimeProvider.System);
}
