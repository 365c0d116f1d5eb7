using System.Text.Json;
using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

/// <summary>Whoever has no mouse comes to every control of every page, and sees where he is.</summary>
[Collection(SampleRunsCollection.Name)]
public sealed class KeyboardTests(SampleRuns runs, Chromium chromium) : IAsyncLifetime
{
    // Of the page: its controls, but for radio buttons, of which the keyboard comes to the chosen one, and those in a closed <details>.
    private const string Controls = """
        () => {
          const all = [...document.querySelectorAll('a[href], button:not(:disabled), input:not(:disabled), select, summary, [tabindex="0"]')]
            .filter(e => (e.type !== 'radio' || e.checked) && (e.matches('.skip') || e.checkVisibility()));
          all.forEach((e, i) => e.dataset.control = i);
          return all.map(e => e.outerHTML.slice(0, 120));
        }
        """;

    // Of the focus: which control has it, and whether anything shows that.
    private const string Focus = """
        () => {
          const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
          const shown = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.filter !== 'none';
          return { at: Number(e.dataset.control ?? -1), shown: shown && box.right > 0 && box.bottom > 0 };
        }
        """;

    private DashboardServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await DashboardServer.StartAsync(new DashboardOptions(0) { Runs = runs.Folder }, TimeProvider.System);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [SkippableTheory]
    [InlineData("runs", "network-2")]
    [InlineData("run/network", "metrics.phi")]
    [InlineData("run/in-time/network", "Fullest links")]
    [InlineData("run/game/agents?agent=player-1", "events 1 to")]
    [InlineData("run/game/game", "Splits")]
    [InlineData("run/datacenter/datacenter", "Jobs at the servers under")]
    public async Task Page_ByTab_ComesToEveryControlAndShowsIt(string path, string text)
    {
        await using OpenPage page = await chromium.OpenAsync(_server.Address, path);
        await page.SeesAsync(text);
        string[] controls = await page.Page.EvaluateAsync<string[]>(Controls);
        controls.Length.ShouldBeGreaterThan(5);
        // From the top of the page: it has focused its heading.
        await page.Page.EvaluateAsync("() => { document.activeElement.blur(); getSelection().removeAllRanges(); }");
        await page["a.skip"].FocusAsync();
        HashSet<int> reached = [];
        for (int i = 0; i <= controls.Length; i++)
        {
            JsonElement focus = (await page.Page.EvaluateAsync(Focus))!.Value;
            int at = focus.GetProperty("at").GetInt32();
            if (at >= 0 && reached.Add(at))
            {
                focus.GetProperty("shown").GetBoolean().ShouldBeTrue($"nothing shows the focus on {controls[at]}");
            }
            await page.Page.Keyboard.PressAsync("Tab");
        }
        Enumerable.Range(0, controls.Length).Except(reached).Select(missing => controls[missing]).ShouldBeEmpty();
        await page.ShouldBeCleanAsync();
    }
}
