using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace AkkaLb.Dashboard.Tests.Browser;

/// <summary>
/// Pictures and times of a real run's pages, of the run folder that AKKALB_DASHBOARD_RUN names: docs/dashboard.md has them and the command.
/// </summary>
[Collection(SampleRunsCollection.Name)]
public class RealRunTests(Chromium chromium, ITestOutputHelper output)
{
    private const int Steps = 200;

    // Milliseconds, on a machine that has other things to do.
    private const double MostPaint = 10_000, MostStep = 500;

    // Of the slider: from a new value to the drawing that has it.
    private const string Scrub = """
        async steps => {
          const slider = document.querySelector('input[type=range]'), shown = document.querySelector('output'), times = [];
          for (let i = 0; i < steps; i++) {
            const value = String(1 + Math.floor(i * (slider.max - 1) / steps)), before = performance.now();
            slider.value = value;
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            while (shown.dataset.at !== value) await new Promise(requestAnimationFrame);
            times.push(performance.now() - before);
          }
          // Numbers that become wider or narrower are counted as shifts.
          window.shifts = 0;
          return times.sort((a, b) => a - b);
        }
        """;

    [SkippableFact]
    public async Task Run_OfManyEpisodes_IsPaintedSoonAndScrubsSmoothly()
    {
        string? run = Environment.GetEnvironmentVariable("AKKALB_DASHBOARD_RUN");
        Skip.If(run is null, "AKKALB_DASHBOARD_RUN names no run folder");
        long started = Stopwatch.GetTimestamp();
        await using DashboardServer server = await DashboardServer.StartAsync(new DashboardOptions(0) { Runs = run }, TimeProvider.System);
        double up = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await using (OpenPage page = await chromium.OpenAsync(server.Address, ""))
        {
            double paint = await page.Page.EvaluateAsync<double>(
                "() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
            output.WriteLine($"server up after {up:0} ms, first paint {paint:0} ms after the page was asked for");
            await page.PictureAsync("real-run");
            await page.ShouldBeCleanAsync();
            (up + paint).ShouldBeLessThan(MostPaint);
        }
        started = Stopwatch.GetTimestamp();
        await using OpenPage network = await chromium.OpenAsync(server.Address, $"run/{Path.GetFileName(run)}/network");
        await network["output >> nth=0"].WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });
        string episode = await network["output >> nth=0"].InnerTextAsync();
        await network.ShouldBeCleanAsync();
        output.WriteLine($"journal read after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {episode}");
        JsonElement times = (await network.Page.EvaluateAsync(Scrub, Steps))!.Value;
        double median = times[Steps / 2].GetDouble(), p99 = times[Steps * 99 / 100].GetDouble();
        output.WriteLine($"{Steps} moves of the slider: median {median:0.0} ms, p99 {p99:0.0} ms");
        await network.PictureAsync("real-network");
        await network.ShouldBeCleanAsync();
        median.ShouldBeLessThan(MostStep);
    }
}
