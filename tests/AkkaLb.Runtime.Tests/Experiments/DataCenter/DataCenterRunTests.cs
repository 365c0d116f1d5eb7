using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

public sealed class DataCenterRunTests : SmallDataCenter
{
    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Compare_AllPolicies_WritesASelfDescribingFolderTwiceAlike()
    {
        DataCenterSummary summary = await RunAsync("a");
        summary.Status.ShouldBe(RunSummary.Finished);
        summary.Policies.Count.ShouldBe(14);
        summary.Policies["ecmp"].MeanTct.ShouldBeGreaterThan(summary.Policies["sed"].MeanTct);
        summary.Policies["sed"].Difference.ShouldBeNull();
        PolicyMetrics ecmp = summary.Policies["ecmp"];
        ecmp.Difference!.Value.ShouldBe(ecmp.MeanTct - summary.Policies["sed"].MeanTct, 1e-9);
        ecmp.DifferenceLow!.Value.ShouldBeLessThan(ecmp.Difference.Value);
        Text("a", RunFolder.PoliciesFile).Split('\n').Length.ShouldBe(1 + 14 * 3 + 1);
        Text("a", RunFolder.CompletionPlotFile).ShouldStartWith("<svg");
        Text("a", RunFolder.LoadsPlotFile).ShouldContain("server 6");

        await RunAsync("b");
        foreach (string file in new[] { RunFolder.PoliciesFile, RunFolder.LoadsFile, RunFolder.CompletionPlotFile,
            RunFolder.LoadsPlotFile })
        {
            Text("b", file).ShouldBe(Text("a", file));
        }
        await RunAsync("c", "seed=4");
        Text("c", RunFolder.PoliciesFile).ShouldNotBe(Text("a", RunFolder.PoliciesFile));
    }

    /// <summary>One job in twenty seconds: in some repetitions none comes, and nothing is no time of 0 s.</summary>
    [Fact]
    public async Task Compare_RepetitionsWithoutJobs_CountInTheGoodputAlone()
    {
        DataCenterSummary summary = await RunAsync(
            "a", "datacenter.traffic.rate=0.05", "datacenter.repetitions=12", "datacenter.policies=[sed, ecmp]");
        string[][] rows = [.. Text("a", RunFolder.PoliciesFile).TrimEnd().Split('\n').Select(line => line.Split(','))];
        string[][] sed = [.. rows.Where(row => row[0] == "sed")];
        double[] Column(string name) =>
            [.. sed.Select(row => row[Array.IndexOf(rows[0], name)]).Where(cell => cell.Length > 0).Select(Number)];
        Column("meanTct").Length.ShouldBeInRange(1, 11);
        Column("goodput").Length.ShouldBe(12);
        PolicyMetrics policy = summary.Policies["sed"];
        policy.MeanTct.ShouldBe(Column("meanTct").Average(), 1e-9);
        policy.P99.ShouldBe(Column("p99").Average(), 1e-9);
        policy.Goodput.ShouldBe(Column("goodput").Average(), 1e-9);
        policy.Goodput.ShouldBe(summary.Metrics.Jobs / (12 * 20.0), 1e-9);
        summary.Policies["ecmp"].DifferenceLow.ShouldNotBeNull();
    }

    [Fact]
    public async Task Compare_NoJobsAtAll_IsToldWithoutTimes()
    {
        DataCenterSummary summary = await RunAsync("a", "datacenter.traffic.rate=0.000001", "datacenter.policies=[sed, ecmp]");
        summary.Metrics.Jobs.ShouldBe(0);
        Observer.Notices.ShouldContain(line => line.Contains("no job came", StringComparison.Ordinal));
        summary.Policies["sed"].Served.ShouldBeNull();
        summary.Policies["ecmp"].Difference.ShouldBeNull();
    }

    [Fact]
    public async Task Compare_Overload_TellsWhatWasDoneAndTimesWithAndWithoutRejects()
    {
        DataCenterSummary summary = await RunAsync(
            "a", "datacenter.servers.capacity=4", "datacenter.traffic.load=2", "datacenter.policies=[sed, ecmp]");
        foreach (PolicyMetrics policy in summary.Policies.Values)
        {
            policy.RejectShare.ShouldBeGreaterThan(0.1);
            policy.Served!.MeanTct.ShouldBeLessThan(policy.MeanTct);
            policy.Served.P99.ShouldBeLessThan(40);
            policy.P99.ShouldBeGreaterThan(40);
            // Of each repetition: 20 s.
            (policy.Goodput * 20 * 3).ShouldBe(summary.Metrics.Jobs * (1 - policy.RejectShare), summary.Metrics.Jobs * 0.02);
            policy.Classes["job"].Served.ShouldBe(policy.Served);
        }
        string[] header = Text("a", RunFolder.PoliciesFile).Split('\n')[0].Split(',');
        header[^12..].ShouldBe(
        [
            "goodput", "servedMeanTct", "servedP50", "servedP90", "servedP95", "servedP99",
            "goodput_job", "servedMeanTct_job", "servedP50_job", "servedP90_job", "servedP95_job", "servedP99_job",
        ]);
        Text("a", RunFolder.ServedPlotFile).ShouldContain("without rejected jobs");
        Text("a", RunFolder.GoodputPlotFile).ShouldContain("jobs done over the run");
        Text("a", RunFolder.ServedPlotFile).ShouldNotBe(Text("a", RunFolder.CompletionPlotFile));
        string[][] windows = [.. Text("a", RunFolder.TimelineFile).Split('\n').Where(l => l.StartsWith("sed,", StringComparison.Ordinal))
            .Select(l => l.Split(','))];
        windows.ShouldAllBe(w => w[4].Length == 0 || Number(w[4]) < Number(w[2]) || Number(w[4]) == Number(w[2]));
        // Windows are equally long, so their mean is that of the run.
        windows.Average(w => Number(w[5])).ShouldBe(summary.Policies["sed"].Goodput, 1e-6);

        DataCenterSummary calm = await RunAsync("b", "datacenter.traffic.load=0.3", "datacenter.policies=[sed]");
        calm.Policies["sed"].Served!.MeanTct.ShouldBe(calm.Policies["sed"].MeanTct, 1e-12);
    }

    [Fact]
    public async Task Compare_ByActors_GivesTheSameBytes()
    {
        await RunAsync("a", "datacenter.traffic.duration=5s");
        await RunAsync("b", "datacenter.traffic.duration=5s", "datacenter.actors=on");
        foreach (string file in new[] { RunFolder.PoliciesFile, RunFolder.LoadsFile, RunFolder.CompletionPlotFile,
            RunFolder.LoadsPlotFile })
        {
            Text("b", file).ShouldBe(Text("a", file));
        }
    }

    [Fact]
    public async Task Compare_LearnedBalancersByActors_GivesTheSameBytes()
    {
        string[] small =
        [
            "method=centr-lb", "datacenter.policies=[sed]", "datacenter.repetitions=1", "datacenter.traffic.duration=10s",
            "datacenter.learning.duration=10s",
            "datacenter.learning.warm-up=2", "datacenter.learning.episodes=3", "datacenter.learning.updates=1",
        ];
        DataCenterSummary simulated = await RunAsync("a", small), played = await RunAsync("b", [.. small, "datacenter.actors=on"]);
        simulated.Policies.Keys.ShouldContain("centr-lb");
        played.Policies.Count.ShouldBe(simulated.Policies.Count);
        Text("b", RunFolder.PoliciesFile).ShouldBe(Text("a", RunFolder.PoliciesFile));
    }

    [Fact]
    public async Task Compare_StoppedBeforeTheFirstRepetition_SaysSoAndCanBeResumed()
    {
        using CancellationTokenSource cancellation = new();
        await cancellation.CancelAsync();
        ExperimentRequest request = new(Folder.Write("d.conf", Head))
        {
            OutputFolder = Folder["a"],
            Overrides = ["datacenter.actors=on", "datacenter.policies=[sed]", "datacenter.traffic.duration=2s"],
        };
        ResultSummary stopped = (await ExperimentRunner.RunAsync(request, new QuietObserver(), cancellation.Token)).Summary;
        stopped.Status.ShouldBe(RunSummary.Stopped);
        stopped.ShouldBeOfType<DataCenterSummary>().Policies.ShouldBeEmpty();
        (await ExperimentRunner.ResumeAsync(Folder["a"], new QuietObserver(),
            default)).Summary.ShouldBeOfType<DataCenterSummary>().Metrics.Repetitions.ShouldBe(3);
    }

    /// <summary>A comparison that goes on begins anew: one that is stopped sooner than before leaves what there was.</summary>
    [Fact]
    public async Task Resume_StoppedSoonerThanBefore_KeepsWhatWasPlayed()
    {
        DataCenterSummary whole = await RunAsync("a", "datacenter.policies=[sed]", "datacenter.traffic.duration=2s");
        // As if it had been stopped after two of its repetitions.
        (whole with { Status = RunSummary.Stopped, Metrics = whole.Metrics with { Repetitions = 2 } }).Write(RunFolder.Open(Folder["a"]));
        string summary = Text("a", RunFolder.SummaryFile), policies = Text("a", RunFolder.PoliciesFile);
        using CancellationTokenSource cancellation = new();
        await cancellation.CancelAsync();
        QuietObserver observer = new();
        RunResult result = await ExperimentRunner.ResumeAsync(Folder["a"], observer, cancellation.Token);
        result.Summary.ShouldBeOfType<DataCenterSummary>().Metrics.Repetitions.ShouldBe(2);
        (Text("a", RunFolder.SummaryFile), Text("a", RunFolder.PoliciesFile)).ShouldBe((summary, policies));
        observer.Notices.ShouldContain(line => line.Contains("the results of 2 stay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_AfterTheEnd_AreSaidAndBoundNoOther()
    {
        string[] options = ["datacenter.policies=[sed]", "datacenter.repetitions=1", "datacenter.traffic.duration=40s"];
        ChangeMetrics change = (await RunAsync("a", [.. options, "datacenter.changes=[\"10s 6 speed 0.5\"]"]))
            .Policies["sed"].Changes!.ShouldHaveSingleItem();
        change.After.ShouldNotBeNull();
        (await RunAsync("b", [.. options, "datacenter.changes=[\"10s 6 speed 0.5\", \"300s 6 speed 1\"]"]))
            .Policies["sed"].Changes!.ShouldBe([change]);
        Observer.Notices.ShouldContain(line => line.Contains("1 of 2 changes come after the last job", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resume_AFinishedRun_GivesItsSummary()
    {
        DataCenterSummary summary = await RunAsync("a", "datacenter.policies=[sed, lsq]");
        RunResult again = await ExperimentRunner.ResumeAsync(Folder["a"], new QuietObserver(), default);
        again.Summary.ToJson().ShouldBe(summary.ToJson());
    }

    [Fact]
    public async Task Changes_AServerSlowsDown_AreFollowed()
    {
        DataCenterSummary summary = await RunAsync(
            "a", "datacenter.policies=[sed, wcmp]", "datacenter.traffic.duration=120s", "datacenter.changes=[\"60s 6 speed 0.1\"]");
        ChangeMetrics sed = summary.Policies["sed"].Changes!.ShouldHaveSingleItem(),
            wcmp = summary.Policies["wcmp"].Changes!.ShouldHaveSingleItem();
        (sed.Seconds, sed.What).ShouldBe((60, "server 6 speed 0.1"));
        sed.After!.Value.ShouldBeGreaterThan(sed.Before!.Value);
        // Weights that do not know of it go on sending the server a fifth of all jobs.
        wcmp.After!.Value.ShouldBeGreaterThan(3 * wcmp.Before!.Value);
        Text("a", RunFolder.TimelineFile).Split('\n').Length.ShouldBe(1 + 2 * 24 + 1);
        Text("a", RunFolder.TimelinePlotFile).ShouldStartWith("<svg");
        (await RunAsync("b", "datacenter.policies=[sed]")).Policies["sed"].Changes.ShouldBeNull();
    }

    [Fact]
    public async Task Classes_MixOfTwo_HaveTheirOwnFigures()
    {
        PolicyMetrics sed = (await RunAsync("a", "datacenter.traffic.mix=wiki", "datacenter.policies=[sed]")).Policies["sed"];
        (CompletionMetrics wiki, CompletionMetrics files) = (sed.Classes["wiki"], sed.Classes["static"]);
        wiki.MeanTct.ShouldBeGreaterThan(files.MeanTct);
        sed.MeanTct.ShouldBeInRange(files.MeanTct, wiki.MeanTct);
        wiki.P99.ShouldBeGreaterThan(wiki.P95);
        Text("a", RunFolder.PoliciesFile).ShouldContain("p99_static");
    }

    [Fact]
    public async Task Grid_OfPeriods_HasALineForEachPolicyWithItsProbes()
    {
        GridSummary grid = (await ExperimentRunner.RunAsync(
            new ExperimentRequest(
                Folder.Write("g.conf", Head + "akkalb.grid { seeds = [1, 2], values { datacenter.probe-period = [50ms, 1s] } }"))
            {
                OutputFolder = Folder["g"], Overrides = ["datacenter.policies=[sed, awcmp]"],
            },
            new QuietObserver(), default)).Summary.ShouldBeOfType<GridSummary>();
        GridTable table = GridTable.Of(grid);
        table.Rows.Select(r => r[1]).ShouldBe(["sed", "awcmp", "sed", "awcmp"]);
        table.Header.ShouldContain("jobs rank ρ");
        double Known(int row) => grid.Rows[row].Metrics["awcmp.jobs error"].Mean;
        Known(0).ShouldBeLessThan(Known(1));
    }

    [Fact]
    public async Task Trace_AFile_IsReplayed()
    {
        Folder.Write("t.csv", "time\tquery\n1.0\t/dummy.php/?n=1000000\n1.5\t/dummy.php/?n=2000000\n");
        DataCenterSummary summary = await RunAsync("a", "datacenter.traffic.trace=t.csv", "datacenter.policies=[sed]");
        summary.Metrics.Jobs.ShouldBe(6);
        summary.Policies["sed"].MeanTct.ShouldBe(1.5e6 * 54.5e-9, 0.01);
    }

    [Fact]
    public async Task Trace_WithoutADuration_IsPlayedToItsEndAndACutIsSaid()
    {
        Folder.Write("t.csv", "time\tquery\n1\t/dummy.php/?n=1000000\n31\t/dummy.php/?n=2000000\n91\t/dummy.php/?n=3000000\n");
        string file = Folder.Write("e.conf",
            "akkalb { family = datacenter, method = compare, datacenter { policies = [sed], repetitions = 1 } }");
        async Task<(long Jobs, string Notices)> PlayAsync(string output, params string[] more)
        {
            QuietObserver observer = new();
            RunResult result = await ExperimentRunner.RunAsync(
                new ExperimentRequest(file) { OutputFolder = Folder[output], Overrides = ["datacenter.traffic.trace=t.csv", .. more] },
                observer, default);
            return (result.Summary.ShouldBeOfType<DataCenterSummary>().Metrics.Jobs, string.Join('\n', observer.Notices));
        }
        (long jobs, string notices) = await PlayAsync("whole");
        jobs.ShouldBe(3);
        notices.ShouldNotContain("of the trace");
        (jobs, notices) = await PlayAsync("cut", "datacenter.traffic.duration=60s");
        jobs.ShouldBe(2);
        notices.ShouldContain("of the trace 2 of 3 rows are played, 60 of 90 s: 'akkalb.datacenter.traffic.duration'");
    }

    /// <summary>A load that is asked for counts, or is refused (below); one of a file that is included may be replaced by a rate.</summary>
    [Fact]
    public async Task Rate_BesideALoadInAFile_TakesItsPlace()
    {
        Folder.Write("base.conf", "akkalb.datacenter.traffic.load = 0.1\n");
        string file = Folder.Write("rate.conf", "include \"base.conf\"\n" + Head);
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(file) { OutputFolder = Folder["a"], Overrides = ["datacenter.traffic.rate=10"] }, Observer, default);
        // 20 workers, 1 s of work each.
        result.Summary.ShouldBeOfType<DataCenterSummary>().Metrics.ProcessorLoad.ShouldBe(0.5);
    }

    [Theory]
    [InlineData("datacenter.traffic.load=0.2", "'akkalb.datacenter.traffic.load' is '0.2', expected none, as the load is that of 'rate'",
        "datacenter.traffic.rate=10")]
    [InlineData("datacenter.learning.reward.form=logarithm", "plain or with-logarithm, where the scope is marginal",
        "datacenter.learning.reward.scope=marginal")]
    [InlineData("datacenter.policies=[sed, nonsense]", "'akkalb.datacenter.policies'")]
    [InlineData("datacenter.baseline=nonsense", "'akkalb.datacenter.baseline'")]
    [InlineData("datacenter.servers.weights=[1, 2]", "7 numbers from 1e-9 to 1e9")]
    [InlineData("datacenter.servers.weights=[1, 1, 1, 4e-320, 1, 1, 1]", "'akkalb.datacenter.servers.weights' is '[1, 1, 1, 4e-320,")]
    [InlineData("datacenter.learning.levels=[1, 1e-200]", "'akkalb.datacenter.learning.levels'")]
    [InlineData("datacenter.changes=[\"4s 1 +2\"]", "'akkalb.datacenter.changes' has \"4s 1 +2\", expected entries of a time")]
    [InlineData("datacenter.changes=[\"4s 1 -3\"]", "has \"4s 1 -3\", expected")]
    [InlineData("datacenter.changes=[\"1s 0 fail\", \"4s 1 add,speed\"]", "has \"4s 1 add,speed\", expected")]
    [InlineData("datacenter.traffic.duration=2000000s", "at most 1000000s")]
    [InlineData("datacenter.traffic.rate=1e7", "at most 100000000 jobs")]
    [InlineData("datacenter.traffic.processor=1000", "", "datacenter.traffic.rate=100000")]
    [InlineData("datacenter.changes=[\"20s 9 fail\"]", "a server from 0 to 6")]
    [InlineData("datacenter.traffic.duration=0s", "a duration of at least 1ms")]
    [InlineData("datacenter.sample-interval=0s", "a duration of at least 1ms")]
    [InlineData("datacenter.traffic.wiki-page=0", "'akkalb.datacenter.traffic.wiki-page'")]
    [InlineData("datacenter.traffic.trace=absent.csv", "absent.csv: no such file")]
    [InlineData("method=samaroh", "expected compare, distr-lb")]
    [InlineData("datacenter.learning.levels=[1]", "'akkalb.datacenter.learning.levels'")]
    [InlineData("datacenter.learning.reward.measure=nonsense", "expected variance")]
    [InlineData(
        "datacenter.learning.reward.measure=product", "'akkalb.datacenter.learning.reward.form' is 'with-logarithm', expected plain")]
    [InlineData("datacenter.learning.temperature.initial=20", "'akkalb.datacenter.learning.temperature.initial'")]
    [InlineData("datacenter.failures.connect-timeout=41s", "0s, or a duration from 10ms to 40s, after which the client gives up")]
    [InlineData("datacenter.failures.silence-timeout=500s", "'akkalb.datacenter.failures.silence-timeout'")]
    [InlineData("datacenter.learning.burn-in=100000", "'akkalb.datacenter.learning.batch'", "method=distr-lb",
        "datacenter.learning.batch=10000", "datacenter.learning.duration=1000000s")]
    [InlineData("datacenter.learning.warm-up=1", "'akkalb.datacenter.learning.warm-up'")]
    public async Task Read_BadValue_IsNamedAndNothingIsWritten(string value, string message, params string[] more)
    {
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("x", [value, .. more]))).Message.ShouldContain(message);
        Directory.Exists(Folder["x"]).ShouldBeFalse();
    }
}
