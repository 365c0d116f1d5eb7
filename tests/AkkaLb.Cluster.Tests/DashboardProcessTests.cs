using System.Globalization;
using AkkaLb.Dashboard.Tests.Browser;
using Microsoft.Playwright;

namespace AkkaLb.Cluster.Tests;

/// <summary><c>--dashboard</c> of processes as they are started by people, in a browser.</summary>
public sealed class DashboardProcessTests(Chromium chromium) : ClusterTest, IClassFixture<Chromium>
{
    private const string Said = "dashboard at ";

    private readonly List<Program> _programs = [];

    public override async Task DisposeAsync()
    {
        _programs.ForEach(program => program.Dispose());
        await base.DisposeAsync();
    }

    /// <summary>From the node's start over a run on it to its end: members, its agents, what has happened.</summary>
    [SkippableFact]
    public async Task Node_WithDashboard_ShowsItsClusterUntilItEnds()
    {
        RequirePostgres();
        string file = Path.Combine(Folder, "node.conf");
        await File.WriteAllTextAsync(file, $$"""akkalb.node { port = 0, http.port = 0, folder = node, database = "{{Database}}" }""");
        Program node = Start("node", file, "--dashboard=0");
        string address = await AddressAsync(node);
        await using OpenPage page = await chromium.OpenAsync(address, "");
        await page.SeesAsync("holds them");
        await page.SeesAsync("has come");
        await page.SeesAsync("No agent lives on a node");
        Observer observer = new Observer().After(20, async () =>
        {
            await Assertions.Expect(page["table.agents-of-cluster tbody tr"]).ToHaveCountAsync(8);
            await page.PictureAsync("node-with-dashboard");
        });
        await RunOnClusterAsync(Experiment("samaroh", 2000), "run", observer);
        await observer.Done;
        // Stored, so that a page that is opened later has it too.
        await EightBeganAsync(page);
        await page.Page.ReloadAsync();
        await EightBeganAsync(page);
        await page.ShouldBeCleanAsync();
        node.Signal("TERM");
        (await node.EndAsync(Deadline)).ExitCode.ShouldBe(0);
    }

    /// <summary>The address comes before the run is read, and the page has the run when it begins.</summary>
    [SkippableFact]
    public async Task Run_WithDashboard_ShowsTheRunWhileItGoesOn()
    {
        Program run = Start("run", Experiment("samaroh", 100_000), "--out", Path.Combine(Folder, "shown"), "--dashboard=0");
        string address = await AddressAsync(run);
        await using OpenPage page = await chromium.OpenAsync(address, "runs");
        await page["a:text-is('shown')"].ClickAsync();
        await page.SeesAsync("of 100,000 episodes");
        await Assertions.Expect(page[".chart polyline"].First).ToBeVisibleAsync();
        await page.ShouldBeCleanAsync();
        run.Signal("INT");
        (await run.EndAsync(Deadline)).ExitCode.ShouldBe(130);
    }

    /// <summary>Waits until the page tells of all eight agents: at once, or of some now and of the others two seconds later.</summary>
    private async Task EightBeganAsync(OpenPage page)
    {
        const string Began = " of run began on ", Agent = " agent";
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        int agents;
        do
        {
            await timer.WaitForNextTickAsync(Deadline);
            agents = (await page["ol.changes li"].AllInnerTextsAsync()).Where(line => line.Contains(Began, StringComparison.Ordinal))
                .Sum(line => int.Parse(line.Split(Agent)[0].Split((char[]?)null)[^1], CultureInfo.InvariantCulture));
        }
        while (agents < 8);
        agents.ShouldBe(8);
    }

    private Program Start(params string[] arguments)
    {
        Program program = Program.Start(Folder, arguments);
        _programs.Add(program);
        return program;
    }

    private async Task<string> AddressAsync(Program program)
    {
        string line = await program.SaysAsync(Said, Deadline);
        return line[(line.IndexOf(Said, StringComparison.Ordinal) + Said.Length)..].Trim();
    }
}
