using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

[Collection(SampleRunsCollection.Name)]
public sealed class RunPagesTests(SampleRuns runs, Chromium chromium) : IAsyncLifetime
{
    private const string Weight = "dt:text-is('weight') + dd";

    private DashboardServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await DashboardServer.StartAsync(new DashboardOptions(0) { Runs = runs.Folder }, TimeProvider.System);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [SkippableTheory]
    [InlineData("runs", "network-2")]
    [InlineData("run/network", "Φ by episode")]
    [InlineData("run/network/network", "Fullest links")]
    [InlineData("run/in-time/network", "Fullest links")]
    [InlineData("run/network/agents?agent=link-3", "weights-decided")]
    [InlineData("run/game", "Levels of the servers")]
    [InlineData("run/game/game", "water level")]
    [InlineData("run/static/game", "Distance to the equilibrium")]
    [InlineData("run/datacenter", "Completion time over the run")]
    [InlineData("run/datacenter/datacenter", "Jobs at the servers under")]
    public async Task Page_LightDarkAndOnAPhone_ShowsItsData(string path, string text)
    {
        string name = path.Replace('/', '-').Split('?')[0];
        foreach ((string look, bool dark, int width) in new[] { ("light", false, 1280), ("dark", true, 1280), ("phone", false, 390) })
        {
            await using OpenPage page = await chromium.OpenAsync(_server.Address, path, dark, width);
            await page.SeesAsync(text);
            await page.PictureAsync($"{name}-{look}");
            await page.ShouldBeCleanAsync();
        }
    }

    [SkippableFact]
    public async Task Start_OfAFolder_ListsItsRuns()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "");
        await page["a:text-is('game')"].ClickAsync();
        await page.SeesAsync("Levels of the servers");
        await page.ShouldBeCleanAsync();
    }

    [SkippableFact]
    public async Task Compare_AnotherRun_DrawsBoth()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "run/network");
        await page["label:has-text('network-2') input"].CheckAsync();
        await Assertions.Expect(page[".chart polyline"]).ToHaveCountAsync(2);
        await Assertions.Expect(page["thead th"]).ToHaveTextAsync(["figure", "network", "network-2"]);
        string? table = await page["a:text-is('this table as CSV')"].GetAttributeAsync("href");
        string[] rows = (await page.Page.EvaluateAsync<string>("async from => (await fetch(from)).text()", table)).Split('\n');
        rows[0].Trim().ShouldBe("figure,network,network-2");
        rows.Select(row => row.Trim()).ShouldContain("exchanges.sent,19200,19200");
        rows.ShouldContain(row => row.StartsWith("metrics.phi,", StringComparison.Ordinal) && row.Split(',').Length == 3);
        string? plot = await page["a:text-is('the chart above as SVG')"].GetAttributeAsync("href");
        string svg = await page.Page.EvaluateAsync<string>("async from => (await fetch(from)).text()", plot);
        svg.ShouldContain(">network-2<");
        await page.PictureAsync("run-network-compared");
        await page.ShouldBeCleanAsync();
    }

    /// <summary>Runs of other families are set side by side by their figures.</summary>
    [SkippableFact]
    public async Task Compare_Games_HaveTheirFiguresBesideEachOther()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "run/game");
        await page["label:has-text('static') input"].CheckAsync();
        await Assertions.Expect(page["tr:has(td:text-is('method')) td"]).ToHaveTextAsync(["method", "dynamic", "static"]);
        await page.ShouldBeCleanAsync();
    }

    /// <summary>By keys alone: the slider, then a link of the drawing.</summary>
    [SkippableFact]
    public async Task Network_ByKeyboard_ScrubsAndOpensALink()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "run/network/network");
        await page.SeesAsync("episode 59");
        string[] before = await ColoursAsync(page);
        await page["input[aria-label='Episode']"].FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        await page.SeesAsync("the start");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.SeesAsync("episode 0");
        (await ColoursAsync(page)).ShouldNotBe(before);
        await page["path[data-link='3']"].FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("Weight over episodes");
        await page.SeesAsync("Weight within episode 0");
        await page.PictureAsync("run-network-link");
        await page.ShouldBeCleanAsync();
    }

    /// <summary>Within an episode, and in virtual time: the whole map each time; a link that is down, and what its memory did.</summary>
    [SkippableFact]
    public async Task Network_HorizonsAndVirtualTime_AreScrubbed()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "run/in-time/network");
        await page["input[aria-label='Virtual time']"].FocusAsync();
        await page.SeesAsync("Fullest links");
        await page.Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(page["output"]).ToHaveAttributeAsync("data-at", "0");
        string[] before = await ColoursAsync(page);
        await Assertions.Expect(page[".map .link.down"]).ToHaveCountAsync(0);
        // From one moment to the next until the link has failed.
        while (await page[".map .link.down"].CountAsync() == 0)
        {
            int at = int.Parse((await page["output"].GetAttributeAsync("data-at"))!, System.Globalization.CultureInfo.InvariantCulture);
            await page["button[aria-label='One moment on']"].ClickAsync();
            await Assertions.Expect(page["output"]).ToHaveAttributeAsync("data-at", $"{at + 1}");
        }
        (await ColoursAsync(page)).ShouldNotBe(before);
        await page.PictureAsync("run-network-in-time");
        await page["label:has-text('episodes') input"].CheckAsync();
        await page.SeesAsync("episode 19");
        await page["path[data-link='3']"].FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("Answers of its memory");
        await Assertions.Expect(page["dd[data-memory]"]).ToContainTextAsync("in 10 horizons");
        await Assertions.Expect(page[Weight]).Not.ToHaveTextAsync("1");
        await page["input[aria-label='Horizon']"].FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        await page.SeesAsync("before the first");
        await Assertions.Expect(page[Weight]).ToHaveTextAsync("1");
        await page.PictureAsync("run-network-horizon");
        await page.ShouldBeCleanAsync();
    }

    [SkippableFact]
    public async Task Agents_Search_FindsOne()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "run/network/agents");
        await page["input[type=search]"].FillAsync("link-7");
        await page.SeesAsync("1 of 9 agents");
        await page["a:text-is('link-7')"].ClickAsync();
        await page.SeesAsync("events 17 to 66");
        // A policy, then episode after episode: by the number, then by the event.
        await page["input[type=number]"].FillAsync("3");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("link-7 after 3 events");
        await Assertions.Expect(page["table.memory tr:has-text('episodes')"]).ToHaveTextAsync("episodes2");
        await page["table.events button:text-is('66')"].ClickAsync();
        await page.SeesAsync("link-7 after 66 events");
        await Assertions.Expect(page["table.memory tr:has-text('episodes')"]).ToHaveTextAsync("episodes60");
        await page.PictureAsync("run-network-agents-replay");
        await page["input[type=number]"].FillAsync("0");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("expected the number of an event, from 1");
        await page["button:text-is('Replay all')"].ClickAsync();
        await page.SeesAsync("link-7 after 66 events");
        await page.ShouldBeCleanAsync();
    }

    /// <summary>However long the answer to a click takes: the events do not move under who reads them.</summary>
    [SkippableFact]
    public async Task Agents_Replay_LeavesTheEventsWhereTheyAre()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "run/network/agents?agent=link-7");
        ILocator events = page["table.events"];
        async Task<double> TopAsync() =>
            await events.EvaluateAsync<double>("table => table.getBoundingClientRect().top + window.scrollY");
        await page.SeesAsync("events 17 to 66");
        double top = await TopAsync();
        await page["button:text-is('Replay all')"].ClickAsync();
        await page.SeesAsync("link-7 after 66 events");
        (await TopAsync()).ShouldBe(top);
        await page["input[type=number]"].FillAsync("0");
        await page["button:text-is('Replay')"].ClickAsync();
        await page.SeesAsync("expected the number of an event, from 1");
        (await TopAsync()).ShouldBe(top);
        await page["table.events button:text-is('66')"].ClickAsync();
        await Assertions.Expect(page["h3:text-is('link-7 after 66 events')"]).ToBeInViewportAsync();
    }

    [SkippableFact]
    public async Task Theme_Switched_StaysOverPages()
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, "run/network");
        await page["[data-theme-switch]"].ClickAsync();
        await page["a:text-is('Network')"].ClickAsync();
        await page.SeesAsync("Fullest links");
        await Assertions.Expect(page["html"]).ToHaveAttributeAsync("data-theme", "dark");
        await page.Page.ReloadAsync();
        await Assertions.Expect(page["html"]).ToHaveAttributeAsync("data-theme", "dark");
        await page.ShouldBeCleanAsync();
    }

    [SkippableTheory]
    [InlineData("run/nothing", "nothing: there is no such run")]
    [InlineData("run/game/network", "game: it has no network, it is of the family game")]
    [InlineData("run/network/game", "network: it is no game, it is of the family network")]
    public async Task Page_OfWhatIsNotThere_SaysSo(string path, string sentence)
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, path);
        await Assertions.Expect(page["[role=alert].problem"]).ToContainTextAsync(sentence);
        await page.ShouldBeCleanAsync();
    }

    [SkippableFact]
    public async Task Run_WhileItGoesOn_IsShownAsItGrows()
    {
        string apart = Directory.CreateTempSubdirectory("akkalb-growing-").FullName, folder = Path.Combine(apart, "growing");
        TaskCompletionSource begun = new(), seen = new();
        Task run = SampleRuns.RunAsync(
            folder, folder + ".conf", SampleRuns.NetworkExperiment(40) + "\n checkpoint.interval = 0s", new Held(begun, seen.Task), []);
        await begun.Task;
        _server.Show(folder);
        await using (OpenPage page = await chromium.OpenAsync(_server.Address, "run/growing"))
        {
            await page.SeesAsync("10of 40 episodes");
            seen.SetResult();
            await page.SeesAsync("40of 40 episodes");
            await Assertions.Expect(page[".status"]).ToHaveTextAsync("finished");
            await page.SeesAsync("metrics.phi");
            await page.ShouldBeCleanAsync();
        }
        await run;
        Directory.Delete(apart, recursive: true);
    }

    private static Task<string[]> ColoursAsync(OpenPage page) =>
        page.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.map .link')].map(link => link.getAttribute('stroke'))");

    /// <summary>Holds a run after its first update until a page has shown it.</summary>
    private sealed class Held(TaskCompletionSource begun, Task seen) : AkkaLb.Runtime.Experiments.IRunObserver
    {
        public void Started(AkkaLb.Runtime.Experiments.RunPlan plan)
        {
        }

        public void BaselinesFound(AkkaLb.Runtime.Experiments.Network.RunBaselines baselines)
        {
        }

        public void EpisodeFinished(AkkaLb.Runtime.Experiments.Network.EpisodeReport episode)
        {
            if (episode.Episode == 10)
            {
                begun.SetResult();
                seen.Wait();
            }
        }

        public void Notice(string line)
        {
        }
    }
}
