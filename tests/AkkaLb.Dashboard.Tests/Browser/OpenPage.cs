using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

/// <summary>A page of a dashboard in the browser. Remembers what went wrong in it and whom it asked.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private const string Shifts = """
        window.shifts = []; window.shifted = 0;
        new PerformanceObserver(list => {
          for (const e of list.getEntries().filter(e => !e.hadRecentInput)) {
            window.shifted += e.value;
            window.shifts.push(...e.sources.map(s => `${e.value}: ${s.node?.nodeName} ${s.node?.className ?? ''} `
              + `from ${s.previousRect.x}, ${s.previousRect.y} to ${s.currentRect.x}, ${s.currentRect.y}`));
          }
        }).observe({ type: 'layout-shift', buffered: true });
        """;

    private readonly IBrowserContext _context;
    private readonly string _address;
    private readonly ConcurrentQueue<string> _wrong = new();
    private string _path = "";

    public OpenPage(IBrowserContext context, IPage page, string address)
    {
        (_context, Page, _address) = (context, page, address);
        page.Console += (_, message) =>
        {
            // A page of what is not there says so by its status too; of what a page loads, that is a fault.
            bool ofThePage = message.Location.StartsWith(_address + _path + ":", StringComparison.Ordinal)
                && message.Text.EndsWith("404 (Not Found)", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !ofThePage)
            {
                _wrong.Enqueue($"console: {message.Text}");
            }
        };
        page.PageError += (_, error) => _wrong.Enqueue($"script: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                _wrong.Enqueue($"asks another host: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public async Task GoAsync(string path)
    {
        _path = path;
        await Page.AddInitScriptAsync(Shifts);
        await Page.GotoAsync(_address + path);
        // From then on it answers to clicks and keys.
        await Page.Locator("main[data-live]").WaitForAsync();
    }

    public ILocator this[string selector] => Page.Locator(selector);

    public Task SeesAsync(string text) => Assertions.Expect(Page.Locator("body")).ToContainTextAsync(text);

    public Task PictureAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Chromium.Pictures, name + ".png"), FullPage = true,
    });

    /// <summary>Nothing went wrong, nobody else was asked, and nothing moved under the reader.</summary>
    public async Task ShouldBeCleanAsync()
    {
        _wrong.ShouldBeEmpty();
        (await Page.EvaluateAsync<double>("() => window.shifted"))
            .ShouldBeLessThan(0.02, string.Join('\n', await Page.EvaluateAsync<string[]>("() => window.shifts")));
        (await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
            .ShouldBeLessThanOrEqualTo(0, "the page is wider than the screen");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
