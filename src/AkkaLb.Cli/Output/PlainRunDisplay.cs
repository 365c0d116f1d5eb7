using System.Globalization;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Output;

/// <summary>Progress for files and pipes: a plain line on stderr at the start, at the end, and every few seconds between.</summary>
internal sealed class PlainRunDisplay(CommandHost host, RunProgress progress) : IRunObserver
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _lastLine;
    private int _lastShown = -1;

    public async Task<RunResult> ShowAsync(Func<IRunObserver, Task<RunResult>> run)
    {
        RunResult result = await run(this);
        WriteEnd();
        return result;
    }

    public void GridAdvanced(GridProgress grid)
    {
        WriteEnd();
        progress.Add(grid);
        host.Error.WriteLine(Describe(grid));
    }

    public void Started(RunPlan plan)
    {
        progress.Start(plan);
        _lastLine = host.Time.GetTimestamp();
        _lastShown = -1;
        host.Error.WriteLine(Describe(plan));
    }

    public void BaselinesFound(RunBaselines baselines) => progress.Add(baselines);

    public void EpisodeFinished(EpisodeReport episode)
    {
        progress.Add(episode);
        if (host.Time.GetElapsedTime(_lastLine) >= Interval)
        {
            WriteLine(progress.Standing()!);
        }
    }

    public void Notice(string line) => host.Error.WriteLine(Terminal.OneLine(line));

    internal static string Describe(RunPlan plan)
    {
        string from = plan.FirstEpisode > 0 ? $" (from {plan.FirstEpisode})" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{plan.Name}: {plan.Method}, seed {plan.Seed}, {plan.Nodes} nodes, {plan.Agents} link agents, {plan.Flows} flows, mean "
                + $"utilisation {plan.MeanUtilisation:0.000}; ") +
            (plan.Episodes == 0
                ? "a policy that has learnt before"
                : $"{Terminal.Plain(plan.Episodes, "episode")}{from} of {Terminal.Plain(plan.Horizons, "horizon")}, "
                    + $"{(plan.Path == RunPath.Actors ? "on actors" : "batched")}")
            + $"; run folder {RunFolder.Near(plan.RunFolder)}";
    }

    internal static string Describe(GridProgress grid)
    {
        string next = grid.Next is { } run ? $"; now {run.Cell}, seed {run.Seed}" : "";
        return $"grid {grid.Name}: {grid.Finished} of {grid.Runs} runs finished{next}; folder {RunFolder.Near(grid.Folder)}";
    }

    /// <summary>The last line of a run that has played episodes here, unless it stands there already.</summary>
    private void WriteEnd()
    {
        if (progress.Standing() is { Plan.Episodes: > 0, Phi: not null } end && end.Done != _lastShown)
        {
            WriteLine(end);
        }
    }

    private void WriteLine(RunStanding now)
    {
        _lastLine = host.Time.GetTimestamp();
        _lastShown = now.Done;
        string left = now.Left is { } time && now.Done < now.Plan.Episodes ? $", {Terminal.Duration(time)} left" : "";
        string measure = ObjectiveNames.Of(now.Plan.Objective);
        host.Error.WriteLine(
            $"episode {now.Done} of {now.Plan.Episodes}: {measure} {Terminal.Figure(now.Phi)}, mean {Terminal.Figure(now.Mean)}, " +
            (now.Plan.Varies ? "" : $"best {Terminal.Figure(now.Best)}, ") +
            $"ECMP {Terminal.Figure(now.Baselines?.Ecmp)}, {Terminal.Count(now.Sent)} exchanges, "
                + $"{now.PerSecond.ToString("0.0", CultureInfo.InvariantCulture)} episodes/s{left}");
    }
}
