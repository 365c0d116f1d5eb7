using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Live.Proxy;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AkkaLb.Cluster.Tests;

/// <summary>What a node, a proxy and a run say of themselves to whoever watches them. A process counts and traces once, for all.</summary>
[Collection(nameof(TelemetryTests))]
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryTests : InProcessTest
{
    /// <summary>Whoever looks at the committed dashboard or is woken by the rules sees something.</summary>
    [SkippableFact]
    public async Task Metrics_OfNodeAndProxy_HaveAllThatDashboardAndAlertsAskFor()
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync("node", null);
        await MembersShouldBeUpAsync(node, 1);
        await RunOnClusterAsync(Experiment("samaroh", 10), "run", new Observer());
        await using ProxyServer proxy = await StartProxyAsync(node.HttpAddress);
        await Http.GetStringAsync(new Uri(proxy.Addresses[0], "/health/live"), Deadline);
        using AdminClient admin = new(proxy.AdminAddress!.ToString(), "");
        await admin.SwitchAsync("drain", null, "a", Deadline);
        HashSet<string> given = [.. Names(await MetricsAsync(node.HttpAddress))];
        // The time of a request is counted a moment after its end, and the agent decides after its first period.
        while (!given.Contains("akkalb_proxy_request_duration_seconds_bucket") || !given.Contains("akkalb_proxy_agent_silence_seconds"))
        {
            Deadline.ThrowIfCancellationRequested();
            given.UnionWith(Names(await MetricsAsync(proxy.AdminAddress!.ToString())));
        }
        Asked("alerts.yaml").Concat(Asked("dashboard.json")).Distinct().Where(name => !given.Contains(name)).ShouldBeEmpty();
    }

    /// <summary>The page of metrics leaves none out.</summary>
    [Fact]
    public void Metrics_AreAllDescribed()
    {
        string page = File.ReadAllText(Path.Combine(Grafana(), "../../docs/telemetry.md"));
        string[] names =
        [
            .. typeof(Metrics).GetProperties().Select(property => property.GetValue(null) switch
            {
                Instrument instrument => instrument.Name,
                ObservedMetric observed => observed.Name,
                var other => throw new InvalidOperationException($"{property.Name}: {other}"),
            }),
        ];
        names.Length.ShouldBeGreaterThan(20);
        names.Where(name => !page.Contains($"| `{name}` |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>What is looked for in the test of the dashboard is something.</summary>
    [Fact]
    public void Asked_OfTheFiles_AreManyMetrics()
    {
        Asked("dashboard.json").ShouldContain("akkalb_episode_phi");
        Asked("dashboard.json").Count().ShouldBeGreaterThan(20);
        Asked("alerts.yaml").ShouldContain("akkalb_cluster_unreachable");
    }

    [SkippableFact]
    public async Task Metrics_OfNode_TellWhatItsClusterAndRunsDo()
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync("node", null);
        await MembersShouldBeUpAsync(node, 1);
        string before = await MetricsAsync(node.HttpAddress);
        Value(before, "akkalb_cluster_members", "status=\"Up\"").ShouldBe(1);
        Value(before, "akkalb_cluster_unreachable").ShouldBe(0);
        await RunOnClusterAsync(Experiment("samaroh", 10), "run", new Observer());
        string after = await MetricsAsync(node.HttpAddress);
        Difference("akkalb_episodes_total", "experiment=\"small\"").ShouldBe(10);
        Difference("akkalb_agent_decisions_total", "family=\"network\"").ShouldBe(10 * 10 * 8);
        Difference("akkalb_journal_events_total").ShouldBeGreaterThanOrEqualTo(10 * 8);
        Value(after, "akkalb_episode_phi", "experiment=\"small\"").ShouldBeGreaterThan(0);

        double Difference(string name, string tag = "") => Value(after, name, tag) - Value(before, name, tag);
    }

    [Fact]
    public async Task Horizon_WhenTraced_IsObservedExchangedDecidedAndRouted()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        await RunHereAsync();
        Activity[] horizons = [.. spans.Where(span => span.OperationName == "horizon")];
        horizons.Length.ShouldBeGreaterThan(0);
        horizons.ShouldAllBe(horizon => horizon.ParentSpanId == default && horizon.Status == ActivityStatusCode.Unset);
        ILookup<ActivitySpanId, Activity> parts = spans.ToLookup(span => span.ParentSpanId);
        foreach (Activity horizon in horizons)
        {
            parts[horizon.SpanId].OrderBy(part => part.StartTimeUtc).Select(part => part.OperationName)
                .ShouldBe(["observe", "exchange", "decide", "route"]);
        }
    }

    [Fact]
    public async Task Request_WhenTraced_IsPartOfTheTraceThatItNames()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        await using ProxyServer proxy = await StartProxyAsync("http://127.0.0.1:1");
        using HttpRequestMessage request = new(HttpMethod.Get, proxy.Addresses[0]);
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using HttpResponseMessage answer = await Http.SendAsync(request, Deadline);
        Activity[] tried = [.. spans.Where(span => span.OperationName == "proxy.request")];
        tried.ShouldNotBeEmpty();
        tried.ShouldAllBe(span => span.TraceId.ToString() == "0af7651916cd43dd8448eb211c80319c");
        (tried[0].GetTagItem("cluster"), tried[0].GetTagItem("server"), tried[0].GetTagItem("outcome")).ShouldBe(("web", "a", "failed"));
    }

    /// <summary>A collector that is not there, or not asked for, is nobody's trouble.</summary>
    [Fact]
    public async Task Run_WithACollectorInTheEnvironment_SendsMetricsAndTraces()
    {
        TelemetryExport.Start("akkalb").ShouldBeNull();
        ConcurrentDictionary<string, string> received = new();
        await using WebApplication collector = await StartCollectorAsync(received);
        Dictionary<string, string> environment = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_TRACES_EXPORTER"] = "otlp", ["OTEL_TRACES_SAMPLER"] = "always_on", ["OTEL_SERVICE_NAME"] = "my-run",
        };
        try
        {
            Set(environment, value => value);
            using (TelemetryExport.Start("akkalb").ShouldNotBeNull())
            {
                await RunHereAsync();
            }
        }
        finally
        {
            Set(environment, _ => null);
        }
        received["/v1/metrics"].ShouldContain("akkalb.episode.phi");
        received["/v1/metrics"].ShouldContain("my-run");
        received["/v1/traces"].ShouldContain("horizon");
    }

    private Task RunHereAsync() =>
        ExperimentRunner.RunAsync(new(Experiment("samaroh", 10)) { OutputFolder = Path.Combine(Folder, "run") }, new Observer(), Deadline);

    /// <summary>Keeps what is posted to it as text, in which names can be found.</summary>
    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, string> received)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication collector = builder.Build();
        collector.Run(async context =>
        {
            using StreamReader reader = new(context.Request.Body, System.Text.Encoding.Latin1);
            string body = await reader.ReadToEndAsync();
            received.AddOrUpdate(context.Request.Path.Value!, body, (_, before) => before + body);
        });
        await collector.StartAsync();
        return collector;
    }

    private static void Set(Dictionary<string, string> environment, Func<string, string?> value)
    {
        foreach ((string name, string text) in environment)
        {
            Environment.SetEnvironmentVariable(name, value(text));
        }
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == Traces.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Task<ProxyServer> StartProxyAsync(string server)
    {
        string file = Path.Combine(Folder, "proxy.conf");
        File.WriteAllText(
            file,
            $$"""
            akkalb.proxy {
              state = "{{Folder}}/state", reload = 0, shutdown = 5s
              listeners.web.address = "http://127.0.0.1:0"
              admin.address = "http://127.0.0.1:0"
              clusters.web { servers.a.address = "{{server}}", learned.period = 100ms }
            }
            """);
        return ProxyServer.StartAsync(ProxyReader.Load(file, []), () => ProxyReader.Load(file, []), TextWriter.Null, TimeProvider.System);
    }

    private Task<string> MetricsAsync(string address) => Http.GetStringAsync(new Uri(new Uri(address), "/metrics"), Deadline);

    private static IEnumerable<string> Names(string metrics) =>
        metrics.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(
            line => Regex.Match(line, "^[a-zA-Z_:][a-zA-Z0-9_:]*").Value);

    /// <summary>Sum over the lines of a metric that have a tag.</summary>
    private static double Value(string metrics, string name, string tag = "") => metrics.Split('\n')
        .Where(line => Regex.IsMatch(line, $"^{name}[ {{]") && line.Contains(tag, StringComparison.Ordinal))
        .Sum(line => double.Parse(
            Regex.Match(line, @"(?<=[ }])-?[0-9.eE+-]+(?= |$)").Value, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Names of metrics in the queries of a committed file.</summary>
    private static IEnumerable<string> Asked(string name)
    {
        string text = File.ReadAllText(Path.Combine(Grafana(), name));
        IEnumerable<string> queries = name.EndsWith(".json", StringComparison.Ordinal)
            ? JsonDocument.Parse(text).RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.TryGetProperty("targets", out JsonElement targets) ? targets.EnumerateArray().ToArray() : [])
                .Select(target => target.GetProperty("expr").GetString()!)
            : text.Split('\n').Where(line => line.TrimStart().StartsWith("expr:", StringComparison.Ordinal));
        return queries.SelectMany(query => Regex.Matches(query, "(akkalb|dotnet)_[a-z_]+").Select(match => match.Value)).Distinct();
    }

    private static string Grafana([CallerFilePath] string file = "") => Path.GetFullPath(
        "../../cluster/grafana", Path.GetDirectoryName(file)!);
}
