using System.IO.Compression;
using System.Text;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

public sealed class LogReplayTests : IDisposable
{
    private const string Head =
        "akkalb { family = datacenter, method = compare, name = d, datacenter { repetitions = 2, policies = [sed, ecmp] } }\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<(DataCenterSummary Summary, string Notices)> RunAsync(string output, params string[] overrides)
    {
        QuietObserver observer = new();
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(_folder.Write("d.conf", Head)) { OutputFolder = _folder[output], Overrides = overrides },
            observer, default);
        return (result.Summary.ShouldBeOfType<DataCenterSummary>(), string.Join('\n', observer.Notices));
    }

    private static string Log() => string.Concat(Enumerable.Range(0, 200).Select(k => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{1_760_104_540 + k * 0.1 + (k % 2 == 0 ? 3 : 0):0.000} "
        + $"{(k % 2 == 0 ? 3 : 0):0.000} {(k % 4 == 0 ? 2 : 1):0.000} /{(k % 4 == 0 ? "page" : "file")}\n")));

    [Fact]
    public async Task Trace_ALog_IsReplayedWithItsTrueLoadAndClasses()
    {
        File.WriteAllBytes(_folder["access.log.gz"], Zipped(Log()));
        string[] log =
        [
            "datacenter.traffic.trace=access.log.gz",
            "datacenter.traffic.log.log-format=\"$msec $request_time $upstream_response_time $uri\"",
            "datacenter.traffic.log.classes=[\"page=/page\"]",
        ];
        (DataCenterSummary summary, string notices) = await RunAsync("a", log);

        summary.Metrics.Jobs.ShouldBe(400);
        // 10 a second of 1.25 s on 20 workers.
        summary.Metrics.ProcessorLoad.ShouldBe(250 / 19.9 / 20, 1e-6);
        summary.Policies["sed"].Classes.Keys.ShouldBe(["page", "other"]);
        summary.Policies["sed"].Classes["page"].MeanTct.ShouldBeGreaterThan(2);
        summary.Policies["sed"].Classes["other"].P50.ShouldBe(1, 0.02);
        notices.ShouldContain("nginx: 200 requests of 200 lines in 19.9 s, 10.05 a second, 1.25 s each, 12.56 at once");
        // Lines stand in the order of the ends; arrivals are 0.1 s apart.
        notices.ShouldNotContain("out of order");

        // The folder stands on its own: what was made of the log is in it, and plays the same without those keys.
        string again = _folder.Write("again.csv", File.ReadAllText(Path.Combine(_folder["a"], RunFolder.TraceFile)));
        (DataCenterSummary same, _) = await RunAsync("b", $"datacenter.traffic.trace={again}");
        same.Policies["ecmp"].MeanTct.ShouldBe(summary.Policies["ecmp"].MeanTct);
    }

    /// <summary>What a log is read by is not for the trace that was made of it.</summary>
    [Theory]
    [InlineData("at,took,kind\n0,2000,/page\n500,3000,/file\n900,1000,/wiki\n", "arrival=at", "arrival-unit=ms", "service=took",
        "service-unit=ms", "class=kind", "classes=[\"page=/page\",\"file=/file\"]", "others=leave-out")]
    [InlineData(
        "{\"start_time\":\"2026-01-01T00:00:00.000Z\",\"response_code\":200,\"upstream_service_time\":\"2000\",\"path\":\"/page\"}\n"
            + "{\"start_time\":\"2026-01-01T00:00:00.500Z\",\"response_code\":200,\"upstream_service_time\":\"3000\",\"path\":\"/file\"}\n",
        "format=envoy", "classes=[\"page=/page\",\"file=/file\"]")]
    public async Task RunFolder_OfALog_PlaysTheSameAgain(string log, params string[] keys)
    {
        _folder.Write("log", log);
        (DataCenterSummary first, _) = await RunAsync(
            "a", ["datacenter.traffic.trace=log", .. keys.Select(key => $"datacenter.traffic.log.{key}")]);
        first.Policies["sed"].Classes.Keys.ShouldBe(["page", "file"]);
        first.Policies["sed"].Classes["page"].MeanTct.ShouldBe(2, 0.05);

        ExperimentRequest request = new(Path.Combine(_folder["a"], RunFolder.ConfigurationFile)) { OutputFolder = _folder["b"] };
        DataCenterSummary again = (DataCenterSummary)(await ExperimentRunner.RunAsync(request, new QuietObserver(), default)).Summary;
        again.Metrics.ProcessorLoad.ShouldBe(first.Metrics.ProcessorLoad);
        again.Policies["sed"].Classes.Keys.ShouldBe(["page", "file"]);
        again.Policies["sed"].MeanTct.ShouldBe(first.Policies["sed"].MeanTct);
    }

    [Fact]
    public async Task Trace_ALogWithoutServiceTimes_DrawsThemByTheConfiguredLaw()
    {
        _folder.Write("t.csv", "seconds,class\n" + string.Concat(
            Enumerable.Range(0, 100).Select(k => FormattableString.Invariant($"{k * 0.2},a\n"))));
        (DataCenterSummary summary, _) = await RunAsync(
            "a", "datacenter.traffic.trace=t.csv", "datacenter.traffic.law=constant", "datacenter.traffic.processor=0.5");

        summary.Metrics.ProcessorLoad.ShouldBe(100 * 0.5 / 19.8 / 20, 1e-6);
        summary.Policies["sed"].P50.ShouldBe(0.5, 0.01);
    }

    [Theory]
    [InlineData("datacenter.traffic.log.classes=[/wiki/]",
        "'akkalb.datacenter.traffic.log.classes' has \"/wiki/\", expected entries such as")]
    [InlineData("datacenter.traffic.log.format=apache", "'akkalb.datacenter.traffic.log.format' is 'apache'")]
    [InlineData("datacenter.traffic.log.reorder=-1s", "'akkalb.datacenter.traffic.log.reorder' is")]
    public async Task LogKeys_OutOfRange_AreNamed(string set, string message) =>
        (await Should.ThrowAsync<Domain.InvalidInputException>(() => RunAsync("a", set))).Message.ShouldContain(message);

    private static byte[] Zipped(string text)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return stream.ToArray();
    }
}
