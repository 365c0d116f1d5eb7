using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Runs an experiment of the family <c>game</c> into a run folder.</summary>
internal static class GameRun
{
    /// <exception cref="InvalidInputException">The output folder is not valid; nothing was written.</exception>
    public static async Task<RunResult> StartAsync(
        GameExperiment experiment, ExperimentRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        using NewRun run = NewRun.Begin(experiment.Resolved, request, $"{experiment.Name}-{experiment.Label}-seed{experiment.Seed}");
        RunFolder folder = run.Folder;
        experiment = experiment with { Resolved = run.Resolved };
        folder.Write(Inputs(experiment));
        observer.FolderReady(folder.FullPath);
        return await PlayAsync(experiment, folder, isNew: true, observer, cluster: null, cancellation);
    }

    /// <summary>A game is a matter of seconds and the same every time, so a stopped one is played from its start.</summary>
    public static Task<RunResult> ContinueAsync(
        GameExperiment experiment, RunFolder folder, IRunObserver observer, ClusterPlay? cluster, CancellationToken cancellation)
    {
        if (RunSummary.Read<GameSummary>(folder) is { Status: RunSummary.Finished } finished)
        {
            observer.Notice($"{folder.ShownPath}: the run is finished, there is nothing to resume");
            return Task.FromResult(new RunResult(finished, folder.FullPath));
        }
        return PlayAsync(experiment, folder, isNew: cluster is { Session: 1 }, observer, cluster, cancellation);
    }

    private static async Task<RunResult> PlayAsync(
        GameExperiment experiment, RunFolder folder, bool isNew, IRunObserver observer, ClusterPlay? cluster,
        CancellationToken cancellation)
    {
        await using RunHost host = RunHost.Open(experiment.Resolved, folder, isNew, fromStart: true, cluster);
        RunJournal? journal = host.Journal;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, journal?.Failed ?? CancellationToken.None);
        journal?.Store(
            host.Begins ? new RunEvents.RunStarted(experiment.Name, experiment.Method, experiment.Seed) : new RunEvents.RunResumed(0));
        GameSummary? before = RunSummary.Read<GameSummary>(folder);
        long started = TimeProvider.System.GetTimestamp();
        GameSummary Summary(GameMetrics metrics, bool finished) => new()
        {
            Method = experiment.Method,
            Seed = experiment.Seed,
            Status = finished ? RunSummary.Finished : RunSummary.Stopped,
            Metrics = metrics,
            WallSeconds = Math.Round(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 3),
            Cluster = cluster?.Figures,
        };

        GameSummary summary;
        Action write;
        switch (experiment.Play)
        {
            case ScalingPlay scaling:
                observer.Notice($"{experiment.Name}: {scaling.Players.Count * scaling.Servers.Count} sizes, {scaling.Repetitions} "
                    + $"instances each; run folder {folder.ShownPath}");
                IReadOnlyList<ScalingCell> cells = ScalingRun.Compute(scaling, stop.Token);
                summary = Summary(new GameMetrics { Cells = cells }, cells.Count == scaling.Players.Count * scaling.Servers.Count);
                await EndAsync(cells.Count, summary.Status == RunSummary.Finished);
                write = () => WriteCells(cells);
                break;
            case StaticPlay play:
                (GameLog rounds, GameOutcome end, bool done) = await PlayAsync(
                    play.Instance, play.ByMove ? play.Options.Start : null,
                    (o, journal) => StaticGameActor.Props(play.Instance, play.Options, o, journal, cluster?.Place));
                summary = Summary(StaticMetrics(experiment, play, end), done);
                write = () => WriteRounds(rounds, "round");
                break;
            case DynamicPlay play:
                (GameLog steps, GameOutcome outcome, bool finished) = await PlayAsync(
                    play.Instance, null, (o, journal) => DynamicGameActor.Props(play.Instance, play.Options, o, journal, cluster?.Place));
                summary = Summary(DynamicMetrics.Of(experiment, play, outcome, steps.Rounds), finished);
                write = () => WriteRounds(steps, "step");
                break;
            default:
                throw new InvalidOperationException($"unknown play {experiment.Play.GetType().Name}");
        }
        if (before is not null && Played(before) > Played(summary))
        {
            observer.Notice($"{experiment.Name}: less was played again than before, so that the results of then stay");
            return new RunResult(before, folder.FullPath);
        }
        write();
        summary.Write(folder);
        return new RunResult(summary, folder.FullPath);

        static int Played(GameSummary of) => of.Metrics.Cells?.Count ?? of.Metrics.Rounds ?? 0;

        async Task<(GameLog Log, GameOutcome Outcome, bool Finished)> PlayAsync(
            GameInstance<double> instance, Profile<double>? byMove, Func<IGameObserver, AgentJournal?, Props> props)
        {
            observer.Notice($"{experiment.Name}: {experiment.Method}, {experiment.Schedule}, seed {experiment.Seed}, {instance.Players} "
                + $"player actors on {instance.Servers} server actors; run folder {folder.ShownPath}");
            GameLog rounds = new(instance, byMove);
            // A game that is begun again writes its rounds down again.
            (GameOutcome outcome, bool finished) = await GameActorRun.PlayAsync(
                agents => props(rounds = new GameLog(instance, byMove), agents), host, stop.Token);
            await EndAsync(outcome.Rounds, finished);
            return (rounds, outcome, finished);
        }

        Task EndAsync(int at, bool finished)
        {
            journal?.Store(finished ? new RunEvents.RunFinished(at) : new RunEvents.RunStopped(at));
            return host.SettleAsync();
        }

        void WriteCells(IReadOnlyList<ScalingCell> cells)
        {
            if (cells.Count > 0)
            {
                folder.Write(RunFolder.ScalingFile, ScalingRun.ToCsv(cells));
                folder.Write(RunFolder.ScalingPlotFile, ScalingRun.Plot(experiment.Name, cells));
            }
        }

        void WriteRounds(GameLog rounds, string unit)
        {
            folder.Write(RunFolder.RoundsFile, rounds.ToCsv());
            folder.Write(RunFolder.LoadsPlotFile, LoadsPlot.Render(
                $"{experiment.Name}: {experiment.Label}, seed {experiment.Seed}", unit, [.. rounds.Rounds.Select(r => r.Loads)]));
        }
    }

    private static GameMetrics StaticMetrics(GameExperiment experiment, StaticPlay play, GameOutcome outcome)
    {
        double potential = GameCosts.Potential(play.Instance, outcome.Profile!), least = Equilibrium<double>.Of(play.Instance).Potential;
        return DynamicMetrics.Common(experiment, play.Instance, outcome) with
        {
            Rounds = outcome.Rounds,
            CycleLength = outcome.CycleLength,
            Potential = potential,
            PotentialExcess = (potential - least) / least,
        };
    }

    /// <summary>The run folder stands on its own: the configuration and the instance are in it.</summary>
    public static IReadOnlyDictionary<string, string> Inputs(GameExperiment experiment)
    {
        Dictionary<string, string> files = [], replacements = new() { ["akkalb.name"] = experiment.Name };
        GameInstance<double>? instance = experiment.Play switch
        {
            StaticPlay play => play.Instance,
            DynamicPlay play => play.Instance,
            _ => null,
        };
        if (instance is not null)
        {
            files[RunFolder.InstanceFile] = InstanceFile.ToJson(instance, experiment.Name);
            replacements["akkalb.game.instance"] = RunFolder.InstanceFile;
        }
        files[RunFolder.ConfigurationFile] = ConfigurationWriter.Write(experiment.Resolved, replacements);
        return files;
    }
}
