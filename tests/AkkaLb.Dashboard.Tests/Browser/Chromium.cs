using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

/// <summary>
/// Debian's browser, driven by Playwright: the one without a window if it is installed, which needs half of the processor, else the whole
/// one. Without either the tests that need it are skipped.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where pictures of pages go.</summary>
    public static string Pictures { get; } = Path.Combine(AppContext.BaseDirectory, "screenshots");

    public async Task InitializeAsync()
    {
        if (Array.Find(Programs, File.Exists) is not { } program)
        {
            return;
        }
        Directory.CreateDirectory(Pictures);
        // Longer than it takes anywhere: what never comes fails late.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            // Root, as in a container, has no sandbox.
            ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"],
        });
    }

    public async Task DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>Opens a page, which must then be <see cref="OpenPage.ShouldBeCleanAsync"/>.</summary>
    /// <param name="address">Of the dashboard.</param>
    internal async Task<OpenPage> OpenAsync(string address, string path, bool dark = false, int width = 1280, int height = 900)
    {
        Skip.If(_browser is null, $"none of {string.Join(", ", Programs)} is installed");
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        OpenPage page = new(context, await context.NewPageAsync(), address);
        await page.GoAsync(path);
        return page;
    }
}
