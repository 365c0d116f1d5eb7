using System.Collections.Concurrent;
using System.Globalization;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaLb.Cli.Output;

/// <summary>Progress for a terminal: a few lines on stderr, redrawn in place several times a second.</summary>
internal sealed class LiveRunDisplay(CommandHost host, RunProgress progress) : IRunObserver
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentQueue<string> _lines = new();

    public async Task<RunResult> ShowAsync(Func<IRunObserver, Task<RunResult>> run)
    {
        IAnsiConsole console = Terminal.ForProgress(host);
        return await console.Live(Text.Empty).StartAsync(async context =>
        {
            // The run may compute before its first await; the display must not wait for that.
            Task<RunResult> running = Task.Run(() => run(this));
            using PeriodicTimer timer = new(Refresh, host.Time);
            while (!running.IsCompleted)
            {
                Task tick = timer.WaitForNextTickAsync().AsTask();
                await Task.WhenAny(running, tick);
                Draw(console, context);
                if (running.IsCompleted)
                {
                    break;
                }
            }
            Draw(console, context);
            return await running;
        });
    }

    public void Started(RunPlan plan)
    {
        progress.Start(plan);
        _lines.Enqueue(PlainRunDisplay.Describe(plan));
    }

    public void BaselinesFound(RunBaselines baselines) => progress.Add(baselines);

    public void EpisodeFinished(EpisodeReport episode) => progress.Add(episode);

    public void Notice(string line) => _lines.Enqueue(Terminal.OneLine(line));

    private void Draw(IAnsiConsole console, LiveDisplayContext context)
    {
        while (_lines.TryDequeue(out string? line))
        {
            console.WriteLine(line);
        }
        context.UpdateTarget(progress.Standing() is { } now ? Render(now) : Text.Empty);
        context.Refresh();
    }

    private static Rows Render(RunStanding now)
    {
        string pace = now.PerSecond.ToString("0.0", CultureInfo.InvariantCulture);
        string left = now.Left is { } time ? $"{Terminal.Duration(time)} left" : "";
        double share = now.Possible > 0 ? (double)now.Sent / now.Possible : 1;
        List<IRenderable> lines =
        [
            Columns(Bar(now), new Markup($"[bold]{now.Done}[/] of {now.Plan.Episodes} episodes   {pace}/s   {left}")),
            new Markup($"Φ now [bold]{Terminal.Figure(now.Phi)}[/]   mean of {RunProgress.Window} [bold]{Terminal.Figure(now.Mean)}[/]   best [green]{Terminal.Figure(now.Best)}[/]   {Terminal.Count(now.Sent)} exchanges sent ({Terminal.Percent(share)})"),
        ];
        if (now.Baselines is { } b)
        {
            lines.Add(new Markup($"[grey]ECMP[/] {Terminal.Figure(b.Ecmp)}   [grey]UCMP[/] {Terminal.Figure(b.Ucmp)}   [grey]genetic[/] {Terminal.Figure(b.Genetic)}"));
        }
        return new Rows(lines);
    }

    private static Markup Bar(RunStanding now)
    {
        const int width = 32;
        int filled = now.Plan.Episodes > 0 ? (int)((long)width * now.Done / now.Plan.Episodes) : width;
        return new Markup($"[green]{new string('━', filled)}[/][grey]{new string('╌', width - filled)}[/]");
    }

    private static Grid Columns(params IRenderable[] cells)
    {
        Grid grid = new();
        foreach (IRenderable _ in cells)
        {
            grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }
        return grid.AddRow(cells);
    }
}
