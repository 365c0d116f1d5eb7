using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Hocon;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>
/// Plays the policy of a network run: on one set of flows, or on generated ones, with a seed for each episode. Every agent takes its most
/// probable action, unless a <c>network.training.sample-probability</c> is asked for.
/// </summary>
internal static class NetworkEvaluation
{
    private const string Section = "akkalb.network", Generate = Section + ".flows.generate", FlowsFile = Section + ".flows.file";
    private const string Variation = "network.training.variation";
    private const string Generated = "generated", OfFile = "file", OfRun = "run";
    private const string Exchanges = Section + ".agents.message-iterations";
    private const string SampleShare = Section + ".training.sample-probability";

    // Of what the networks were made, and what their numbers mean.
    private static readonly string[] LearntKeys =
    [
        $"{Section}.mode", $"{Section}.policy", $"{Section}.agents.readout", $"{Section}.agents.architecture",
        $"{Section}.agents.attention.heads", $"{Section}.agents.attention.width", $"{Section}.agents.observation", Exchanges,
        $"{Section}.agents.actions.add", $"{Section}.agents.actions.subtract", $"{Section}.agents.actions.multiply",
        $"{Section}.agents.actions.divide", $"{Section}.agents.actions.nothing",
    ];

    public static EvaluationOutcome Run(
        EvaluatedRun run, EvaluationRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        long started = TimeProvider.System.GetTimestamp();
        RequireFiles(request);
        run.RequireAsLearnt(LearntKeys);
        run.RequireUnsaid(
            $"{Section}.training", "horizons, sample-probability or threads of this section; --episodes N plays so many",
            "horizons", "sample-probability", "threads");
        string topologyFile = run.Folder[RunFolder.TopologyFile];
        Topology learntOn = GmlTopology.Read(ConfigurationLoader.ReadText(topologyFile), topologyFile);
        bool generates = Generates(run, request, observer);
        string flows = generates ? Generated : run.Asked.GetString(FlowsFile, "") is { Length: > 0 } ? OfFile : OfRun;
        int episodes = request.Episodes ?? 1;
        long learntFrom = 0;
        List<FlowSetResult> results = [];
        for (int set = 0; set < (generates ? episodes : 1); set++)
        {
            NetworkExperiment experiment;
            try
            {
                experiment = Read(run, request, learntOn, generates, set, cancellation);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            PolicySnapshot policy = Policy(run, experiment.Model);
            TeamExperience? experience = Memory(run, experiment, learntOn);
            using PolicyPlayer player = new(
                experiment.Model, policy, experiment.Scenario, experiment.Seed, experiment.Threads, experience, experiment.Backend);
            learntFrom = policy.Version * run.Trained.GetLong($"{Section}.training.update-every");
            if (set == 0)
            {
                observer.Notice(Describe(request, experiment, flows, episodes));
            }
            if (experiment.UnroutableIn(experiment.Scenarios.Periods - 1) is { } unroutable)
            {
                observer.Notice(unroutable);
            }
            (RunBaselines baselines, RunTraffic traffic) = NetworkBaselines.Compute(experiment, observer, cancellation);
            if (Play(player, generates ? 1 : episodes, cancellation) is not { } played)
            {
                break;
            }
            ulong? seed = generates ? ulong.Parse(experiment.Resolved.GetString($"{Generate}.seed")!, CultureInfo.InvariantCulture) : null;
            results.Add(new FlowSetResult(experiment, seed, baselines, traffic, played));
            if (generates && episodes > 1)
            {
                observer.Notice(string.Create(CultureInfo.InvariantCulture,
                    $"flows of seed {seed}: {Figure(played[0].FinalObjective)}, ECMP {Figure(baselines.Ecmp)}, ")
                    + $"UCMP {Figure(baselines.Ucmp)}, genetic {Figure(baselines.Genetic)}");
            }
        }
        if (results.Count == 0)
        {
            throw new OperationCanceledException(cancellation);
        }
        NetworkExperiment first = results[0].Experiment;
        NetworkEvaluationFigures figures = new(
            run.Folder.FullPath,
            ulong.Parse(run.Trained.GetString("akkalb.seed")!, CultureInfo.InvariantCulture),
            learntFrom,
            Decisions(first),
            first.Topology.Name,
            flows,
            first.Resolved.GetString(NetworkRun.ObjectiveKey)!,
            [.. results.SelectMany(result => result.Episodes)]);
        NetworkSummary summary = FlowSetResult.Summarise(results, episodes, figures) with
        {
            WallSeconds = Math.Round(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 3),
        };
        return new EvaluationOutcome(summary, FlowSetResult.Files(results, figures));
    }

    /// <summary>Where they are missed later, it is by keys that nobody has given.</summary>
    private static void RequireFiles(EvaluationRequest request)
    {
        if (request.Flows is { } flows && !File.Exists(flows))
        {
            throw new InvalidInputException($"--flows: expected a file of flows, {flows}: no such file");
        }
        if (request.Topology is { } topology && !TopologyLibrary.Names.Contains(topology) && !File.Exists(topology))
        {
            throw new InvalidInputException(
                $"--topology: expected a file or one of {string.Join(", ", TopologyLibrary.Names)}, {topology}: no such file");
        }
    }

    /// <summary>Whether the flows are generated; else they are those of a file, the run's unless another is named.</summary>
    private static bool Generates(EvaluatedRun run, EvaluationRequest request, IRunObserver observer)
    {
        if (run.Asked.GetString(FlowsFile, "") is { Length: > 0 })
        {
            if (request.Seed is not null && !run.Asked.HasPath(SampleShare))
            {
                throw new InvalidInputException(
                    "--seed: expected none beside flows of a file, unless decisions are drawn "
                    + $"(--set {SampleShare["akkalb.".Length..]}=0.9)");
            }
            return false;
        }
        if (run.Asked.HasPath(FlowsFile) || run.Asked.HasPath(Generate) || run.Asked.HasPath($"{Section}.topology"))
        {
            return true;
        }
        bool generated = File.Exists(run.Folder[RunFolder.GeneratorFile]);
        if (request.Seed is not null && !generated)
        {
            observer.Notice("the run's flows are those of a file, which no seed changes: "
                + "--set network.flows.generate.seed=N generates others, --flows names them");
        }
        return request.Seed is not null && generated;
    }

    /// <param name="set">Number of the flow set, from 0: each has the seed after that of the one before.</param>
    private static NetworkExperiment Read(EvaluatedRun run, EvaluationRequest request, Topology learntOn, bool generates, int set,
        CancellationToken cancellation)
    {
        List<string> beneath = ["network.training.sample-probability=0"], above = [];
        if (run.Trained.GetString($"{Section}.agents.architecture") == "attention")
        {
            beneath.Add($"learning.backend={run.Trained.GetString("akkalb.learning.backend")}");
            beneath.Add($"learning.device={run.Trained.GetString("akkalb.learning.device")}");
        }
        if (run.Asked.HasPath($"{Section}.topology"))
        {
            beneath.Add("network.topology-changes=\"\"");
        }
        if (request.Seed is { } seed)
        {
            above.Add($"seed={seed}");
            if (generates)
            {
                beneath.Add($"network.flows.generate.seed={seed}");
            }
        }
        above.Add($"{Variation}.sets=1");
        above.Add($"{Variation}.graphs.count=0");
        // The number of exchanges is the policy's, also where the diameter of another topology would be another.
        SectionReader learnt = new(run.Trained, run.File);
        above.Add($"network.agents.message-iterations={NetworkModel.ExchangesOn(learntOn, learnt.Integer(Exchanges, 0))}");
        if (generates)
        {
            above.Add("network.flows.file=\"\"");
            SectionReader asked = new(run.Configure(beneath, above), run.File);
            ulong first = asked.Seed($"{Generate}.seed");
            asked.ThrowIfInvalid();
            above.Add($"network.flows.generate.seed={unchecked(first + (ulong)set)}");
        }
        Config config = run.Configure(beneath, above);
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, run.File, run.Folder.FullPath, cancellation);
        if (experiment.Model.Options.Readout == ReadoutMode.PerAgent && !experiment.Topology.HasLinksOf(learntOn))
        {
            throw new InvalidInputException(
                $"{request.RunFolder}: its policy has a readout for each of {learntOn.LinkCount} links, expected one of the same nodes "
                + $"and links, found {experiment.Topology.Name} with {experiment.Topology.LinkCount} links; policies learnt with "
                + "network.agents.readout=shared play on every topology");
        }
        return experiment;
    }

    /// <returns>Null when it was cancelled.</returns>
    private static IReadOnlyList<EpisodeTrajectory>? Play(PolicyPlayer player, int episodes, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return player.Play(episodes, cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static PolicySnapshot Policy(EvaluatedRun run, NetworkModel model)
    {
        string file = Path.Combine(run.CheckpointFolder, PpoCheckpoint.WeightsFile);
        using FileStream stream = EvaluatedRun.OpenRead(file);
        return PpoCheckpoint.ReadPolicy(model, stream, file);
    }

    /// <summary>What the run's agents remember, nothing on other links, whose agents they are not; null without memory.</summary>
    private static TeamExperience? Memory(EvaluatedRun run, NetworkExperiment experiment, Topology learntOn)
    {
        NetworkModel model = experiment.Model;
        if (model.Options.Memory is not { } options)
        {
            return null;
        }
        TeamExperience experience = new(options, model.LinkCount, model.MessageIterations, model.HiddenState, experiment.Seed);
        if (!experiment.Topology.HasLinksOf(learntOn))
        {
            return experience;
        }
        using FileStream stream = EvaluatedRun.OpenRead(Path.Combine(run.CheckpointFolder, RunFolder.MemoryFile));
        experience.Restore(stream, stream.Name);
        return experience;
    }

    private static string Describe(EvaluationRequest request, NetworkExperiment experiment, string flows, int episodes)
    {
        string traffic = flows switch
        {
            Generated => "generated flows, a seed for each",
            OfFile => request.Flows ?? "the flows of a file",
            _ => "its own flows",
        };
        string genetic = experiment.Baselines.Genetic is null ? "" : "; genetic search beside it";
        string played = $"{episodes} {Decisions(experiment)} episode{(episodes == 1 ? "" : "s")}";
        return $"{request.RunFolder}: {experiment.Method}, {experiment.Topology.LinkCount} link agents, {played} on {traffic}{genetic}";
    }

    private static string Figure(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture) ?? "–";

    private static string Decisions(NetworkExperiment experiment) => experiment.Model.Options.SampleShare == 0 ? "greedy" : "sampled";
}
