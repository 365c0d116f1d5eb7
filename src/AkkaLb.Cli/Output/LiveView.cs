using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaLb.Cli.Output;

/// <summary>Lines on stderr that are redrawn in place several times a second while some work goes on; for terminals only.</summary>
internal sealed class LiveView(CommandHost host, Func<IRenderable> render)
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Leaves a line standing above the view.</summary>
    public void WriteLine(string line) => _lines.Enqueue(line);

    public async Task<T> ShowAsync<T>(Func<Task<T>> work)
    {
        IAnsiConsole console = Terminal.ForProgress(host);
        return await console.Live(Text.Empty).StartAsync(async context =>
        {
            // The work may compute before its first await; the view must not wait for that.
            Task<T> working = Task.Run(work);
            using PeriodicTimer timer = new(Refresh, host.Time);
            while (!working.IsCompleted)
            {
                Draw(console, context);
                await Task.WhenAny(working, timer.WaitForNextTickAsync().AsTask());
            }
            Draw(console, context);
            return await working;
        });
    }

    /// <summary>A bar with words to its right.</summary>
    public static IRenderable Bar(int done, int all, string words)
    {
        int filled = all > 0 ? (int)((long)BarWidth * Math.Min(done, all) / all) : BarWidth;
        return new Markup($"[green]{new string('━', filled)}[/][grey]{new string('╌', BarWidth - filled)}[/]  {words}");
    }

    private void Draw(IAnsiConsole console, LiveDisplayContext context)
    {
        while (_lines.TryDequeue(out string? line))
        {
            console.WriteLine(line);
        }
        context.UpdateTarget(render());
    }
}
