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

    /// <summary>What somebody else keeps for himself hides no run beside it, and no run in it is known of.</summary>
    [SkippableFact]
    public void All_FolderThatMayNotBeRead_HidesNoOther()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            throw new SkipException("nothing is kept from this user");
        }
        using OneRun run = new(runs[SampleRuns.Network]);
        string closed = Directory.CreateDirectory(Path.Combine(run.Above, "closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.None);
        Catalog(run.Above).All().ShouldBe(["one"]);
        Catalog(run.Folder).All().ShouldBe(["one"]);
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Folders may be called anything: no two have one id, and an id needs no escaping in an address.</summary>
    [Theory]
    [InlineData("a:b", "a~3Ab")]
    [InlineData("50%", "50~25")]
    [InlineData("50%25", "50~2525")]
    [InlineData("~3A", "~7E3A")]
    [InlineData("a b?#ü", "a~20b~3F~23~C3~BC")]
    public void Find_NameThatAddressesReadOtherwise_IsFound(string name, string id)
    {
        using OneRun run = new(runs[SampleRuns.Network], name);
        RunCatalog catalog = Catalog(run.Above);
        catalog.All().ShouldBe([id]);
        catalog.Find(id).ShouldNotBeNull().Name.ShouldBe(name);
        RunCatalog.NameOf(id).ShouldBe(name);
    }

    [Fact]
    public void Find_AnotherRunHasTakenTheFolder_IsThatRun()
    {
        using OneRun run = new(runs[SampleRuns.Network]);
        RunCatalog catalog = Catalog(run.Above);
        RunFiles first = catalog.Find("one").ShouldNotBeNull();
        first.Seed.ShouldBe("1");
        catalog.Find("one").ShouldBeSameAs(first);
        string configuration = Path.Combine(run.Folder, "experiment.conf");
        File.Copy(Path.Combine(runs[SampleRuns.Other], "experiment.conf"), configuration, overwrite: true);
        File.SetLastWriteTimeUtc(configuration, DateTime.UnixEpoch.AddYears(60));
        catalog.Find("one").ShouldNotBeNull().Seed.ShouldBe("2");
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
        using OneRun run = new(runs[SampleRuns.Network]);
        File.WriteAllText(Path.Combine(run.Folder, "summary.json"), summary);
        RunCatalog catalog = Catalog(run.Above);
        for (int look = 0; look < 3; look++)
        {
            Should.Throw<InvalidInputException>(() => catalog.Find("one")).Message
                .ShouldContain("summary.json: expected a run's summary: ");
        }
    }

    private static RunCatalog Catalog(string path) => new(new DashboardOptions(0) { Runs = path }, TimeProvider.System);

    /// <summary>A folder with one run in it that has only its configuration.</summary>
    private sealed class OneRun : IDisposable
    {
        public OneRun(string like, string name = "one")
        {
            Folder = Path.Combine(Above, name);
            Directory.CreateDirectory(Folder);
            File.Copy(Path.Combine(like, "experiment.conf"), Path.Combine(Folder, "experiment.conf"));
        }

        public string Above { get; } = Directory.CreateTempSubdirectory("akkalb-catalog-").FullName;

        public string Folder { get; }

        public void Dispose() => Directory.Delete(Above, recursive: true);
    }
}
