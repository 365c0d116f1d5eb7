using System.Globalization;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaLb.Cli.Output;

/// <summary>Progress of a run for a terminal.</summary>
internal sealed class LiveRunDisplay : IRunObserver
{
    private readonly RunProgress _progress;
    private readonly LiveView _view;

    /// <param name="nodes">Shown beneath; null: none.</param>
    public LiveRunDisplay(CommandHost host, RunProgress progress, NodesProgress? nodes = null)
    {
        _progress = progress;
        _view = new LiveView(host, () => Render(progress.Grid, progress.Standing(), nodes?.Lines ?? []));
    }

    public Task<RunResult> ShowAsync(Func<IRunObserver, Task<RunResult>> run) => _view.ShowAsync(() => run(this));

    public void Started(RunPlan plan)
    {
        _progress.Start(plan);
        // The view itself names the runs of a grid.
        if (_progress.Grid is null)
        {
            _view.WriteLine(PlainRunDisplay.Describe(plan));
        }
    }

    public void BaselinesFound(RunBaselines baselines) => _progress.Add(baselines);

    public void EpisodeFinished(EpisodeReport episode) => _progress.Add(episode);

    public void GridAdvanced(GridProgress grid) => _progress.Add(grid);

    public void Notice(string line) => _view.WriteLine(Terminal.OneLine(line));

    /// <summary>Never without a line: the live display fails on that.</summary>
    private static IRenderable Render(GridProgress? grid, RunStanding? now, IReadOnlyList<string> nodes)
    {
        List<IRenderable> lines = [];
        if (grid is not null)
        {
            string next = grid.Next is { } run ? $"   {Markup.Escape($"{run.Cell}, seed {run.Seed}")}" : "";
            lines.Add(LiveView.Bar(grid.Finished, grid.Runs, $"[bold]{grid.Finished}[/] of {grid.Runs} runs{next}"));
        }
        if (now is { Plan.Episodes: > 0 })
        {
            AddRun(lines, now);
        }
        lines.AddRange(nodes.Select(line => new Text(line)));
        return lines.Count == 0 ? Text.Empty : new Rows(lines);
    }

    private static void AddRun(List<IRenderable> lines, RunStanding now)
    {
        bool played = now.Phi is not null;
        string pace = played ? $"   {now.PerSecond.ToString("0.0", CultureInfo.InvariantCulture)}/s" : "";
        string left = now.Left is { } time && now.Done < now.Plan.Episodes ? $"   {Terminal.Duration(time)} left" : "";
        double share = now.Possible > 0 ? (double)now.Sent / now.Possible : 1;
        lines.Add(LiveView.Bar(now.Done, now.Plan.Episodes, $"[bold]{now.Done}[/] of {now.Plan.Episodes} episodes{pace}{left}"));
        if (played)
        {
            lines.Add(new Markup(
                $"{ObjectiveNames.Of(now.Plan.Objective)} now [bold]{Terminal.Figure(now.Phi)}[/]   mean of {RunProgress.Window} "
                + $"[bold]{Terminal.Figure(now.Mean)}[/]{(now.Plan.Varies ? "" : $"   best [green]{Terminal.Figure(now.Best)}[/]")}"));
        }
        if (now.Baselines is { } b)
        {
            lines.Add(new Markup($"[grey]ECMP[/] {Terminal.Figure(b.Ecmp)}   [grey]UCMP[/] {Terminal.Figure(b.Ucmp)}   [grey]genetic[/] "
                + $"{Terminal.Figure(b.Genetic)}"));
        }
        if (played)
        {
            lines.Add(new Text($"{Terminal.Count(now.Sent)} exchanges sent ({Terminal.Percent(share)})"));
        }
    }
}
