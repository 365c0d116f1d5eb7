using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Hocon;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>The section <c>network.asynchronous</c> and the policy that it follows.</summary>
internal sealed record AsynchronousKeys(string Policy, long Until, (long Least, long Largest) Latency, AsynchronousOptions Agents,
    bool KeepsBest, bool Restarts)
{
    private const string Section = "akkalb.network.asynchronous", Exchanges = "akkalb.network.agents.message-iterations",
        PolicyKey = "akkalb.network.policy";

    // What must be the same in the run that trained the policy, for its networks to mean the same.
    private static readonly string[] ModelKeys =
    [
        "akkalb.method", "akkalb.network.agents.readout", "akkalb.network.agents.observation",
        "akkalb.network.agents.actions.add", "akkalb.network.agents.actions.subtract", "akkalb.network.agents.actions.multiply",
        "akkalb.network.agents.actions.divide", "akkalb.network.agents.actions.nothing", "akkalb.network.agents.initial-weight.max",
    ];

    public static AsynchronousKeys Read(SectionReader reader)
    {
        long Microseconds(string key) => (long)reader.AnyDuration($"{Section}.{key}").TotalMicroseconds;
        (long Least, long Largest) latency = (Microseconds("latency.min"), Microseconds("latency.max"));
        if (latency.Largest < latency.Least)
        {
            reader.Problem($"{Section}.latency.max", "a duration not below latency.min");
        }
        int budget = reader.Integer($"{Section}.budget", 0);
        budget = budget > 0 ? budget : reader.Integer("akkalb.network.training.horizons", 1, 1_000_000);
        int burst = reader.Integer($"{Section}.burst", 0);
        AsynchronousOptions agents = new()
        {
            Threshold = reader.Number($"{Section}.threshold", 0),
            Cooldown = Microseconds("cooldown"),
            Budget = budget,
            Burst = burst > 0 ? burst : budget,
            SampleShare = reader.Number($"{Section}.sample-probability", 0, 1),
            Rounds = reader.Integer($"{Section}.rounds.count", 1, 10_000),
            LaterBudget = reader.Integer($"{Section}.rounds.budget", 1, 1_000_000),
            LaterTemperature = reader.Number($"{Section}.rounds.temperature", 0, 1e6, open: true),
            LargestRatio = reader.Number($"{Section}.largest-ratio", 1, 1e100, open: true),
            // As long as a question and its answer would take.
            Patience = reader.Choice($"{Section}.exchange", ("pull", false), ("push", true)) ? Math.Max(2 * latency.Largest, 1) : null,
            OwnWeightIsOne = reader.Choice($"{Section}.weight-one", ("node", false), ("own", true)),
        };
        bool keepsBest = reader.Switch($"{Section}.keep-best");
        if (agents.Rounds > 1 && !keepsBest)
        {
            reader.Problem($"{Section}.rounds.count", $"1, or '{Section}.keep-best' on: a round begins where it was best");
        }
        bool restarts = reader.Choice($"{Section}.on-change", ("keep", false), ("restart", true));
        if (restarts && !keepsBest)
        {
            reader.Problem($"{Section}.on-change", $"keep, or '{Section}.keep-best' on: the weights of before may be better");
        }
        return new AsynchronousKeys(
            reader.Text(PolicyKey), Microseconds("until") / 1000, latency, agents, keepsBest, restarts);
    }

    /// <exception cref="InvalidInputException">The policy is not there or does not fit, or the traffic cannot be routed.</exception>
    public AsynchronousPlay Build(
        SectionReader reader, string baseFolder, NetworkTimeline timeline, Objective objective, double[] initialWeights, NetworkModel model,
        ulong seed, long start)
    {
        if (Until <= start)
        {
            throw new InvalidInputException(
                $"{reader.Origin($"{Section}.until")}: '{Section}.until' is {Until} ms, expected more than 'akkalb.network.flows.at', "
                    + $"{start} ms");
        }
        // Every flow that will come, over the whole topology: what cannot be routed is found before anything is written.
        IReadOnlyList<ActiveFlow> coming = [.. timeline.Flows.Flows.Where(flow => flow.StartMs <= Until && flow.EndMs > start).Select(
            flow => new ActiveFlow(flow.Id, flow.Start, flow.End, 0))];
        timeline.Routing.Router(timeline.Topology, coming, timeline.Routing.Paths(timeline.Topology), allowDisconnected: false);
        AsynchronousScenario scenario = new(
            timeline, objective, initialWeights, Agents with { FirstEpisode = model.Options.Episodes }, start, Until, Latency)
        {
            KeepsBest = KeepsBest,
            Restarts = Restarts,
        };
        if (Policy.Length == 0)
        {
            return new AsynchronousPlay(scenario, null, null, null);
        }
        string path = Path.GetFullPath(Path.Combine(baseFolder, Policy));
        string file = path;
        bool remembers = true;
        if (Directory.Exists(path))
        {
            remembers = CheckModel(reader, path, model);
            string checkpoint = Checkpoint.Find(RunFolder.Open(path)) ?? throw new InvalidInputException(
                $"{path}: expected the policy that '{PolicyKey}' of {reader.Origin(PolicyKey)} names, found a run without a checkpoint");
            file = Path.Combine(checkpoint, PpoCheckpoint.WeightsFile);
        }
        else if (!File.Exists(path))
        {
            throw new InvalidInputException(
                $"{path}: expected the policy that '{PolicyKey}' of {reader.Origin(PolicyKey)} names, a run or its weights, found nothing");
        }
        else if (CheckpointSums.Problem(Path.GetDirectoryName(path)!) is { } problem)
        {
            throw new InvalidInputException(problem);
        }
        try
        {
            using FileStream stream = File.OpenRead(file);
            return new AsynchronousPlay(scenario, file, PpoCheckpoint.ReadPolicy(model, stream, file),
                ReadMemory(remembers ? file : null, model, seed));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{file}: expected the policy that '{PolicyKey}' of {reader.Origin(PolicyKey)} names: {e.Message}", e);
        }
    }

    /// <summary>The memory that lies beside a policy; a blank one if none does, or no policy of these agents.</summary>
    private static TeamExperience? ReadMemory(string? policyFile, NetworkModel model, ulong seed)
    {
        if (model.Options.Memory is not { } memory)
        {
            return null;
        }
        TeamExperience experience = new(memory, model.LinkCount, model.MessageIterations, model.HiddenState, seed);
        string? file = policyFile is null ? null : Path.Combine(Path.GetDirectoryName(policyFile)!, RunFolder.MemoryFile);
        if (File.Exists(file))
        {
            using FileStream stream = File.OpenRead(file);
            experience.Restore(stream, file);
        }
        return experience;
    }

    /// <summary>Whether the policy is of agents of the same links; with a shared readout it need not be.</summary>
    private static bool CheckModel(SectionReader reader, string folder, NetworkModel model)
    {
        RunFolder run = RunFolder.Open(folder);
        Config trainedWith = ConfigurationLoader.Load(run[RunFolder.ConfigurationFile], []);
        CheckpointCheck.ThrowIfDamaged(run, trainedWith);
        SectionReader other = new(trainedWith, run[RunFolder.ConfigurationFile]);
        if (ModelKeys.FirstOrDefault(key => other.Text(key) != reader.Text(key)) is { } differing)
        {
            throw new InvalidInputException(
                $"{reader.Origin(differing)}: '{differing}' is '{reader.Text(differing)}', expected '{other.Text(differing)}' as in "
                    + $"{other.Source}, whose policy is followed");
        }
        Topology trained = GmlTopology.Read(ConfigurationLoader.ReadText(run[RunFolder.TopologyFile]), run[RunFolder.TopologyFile]);
        int exchanges = NetworkModel.ExchangesOn(trained, other.Integer(Exchanges, 0));
        if (exchanges != model.MessageIterations)
        {
            throw new InvalidInputException(
                $"{reader.Origin(Exchanges)}: '{Exchanges}' is '{reader.Text(Exchanges)}', {model.MessageIterations} on this topology, "
                    + $"expected {exchanges} as in {other.Source}, whose policy is followed");
        }
        bool same = trained.HasLinksOf(model.Topology);
        if (!same && model.Options.Readout != ReadoutMode.Shared)
        {
            const string key = NetworkInputReader.TopologyKey;
            throw new InvalidInputException(
                $"{reader.Origin(key)}: '{key}' is '{reader.Text(key)}', expected the topology of {folder}, whose policy is followed; one "
                    + "learnt with network.agents.readout=shared is followed on every topology");
        }
        return same;
    }
}
