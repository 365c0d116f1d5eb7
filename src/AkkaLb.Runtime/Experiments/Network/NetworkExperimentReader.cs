using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Hocon;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Turns a configuration and the files that it names into a <see cref="NetworkExperiment"/>.</summary>
internal static class NetworkExperimentReader
{
    private const string CounterfactualMethod = "samaroh-cf";

    /// <param name="config">Resolved against the reference configuration.</param>
    /// <param name="source">Named in errors.</param>
    /// <param name="baseFolder">File names in the configuration are relative to it.</param>
    /// <param name="cancellation">Ends generating flows, which takes long on large topologies.</param>
    /// <exception cref="InvalidInputException">A value is out of its range, or a file is not as expected.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while flows were generated.</exception>
    public static NetworkExperiment Read(Config config, string source, string baseFolder, CancellationToken cancellation = default)
    {
        SectionReader reader = new(config, source);
        ulong seed = reader.Seed("akkalb.seed");
        (NetworkMethod method, int periods, NetworkLearningOptions learning) = ReadAgents(reader);
        long periodLength = (long)reader.AnyDuration("akkalb.network.periods.length").TotalMilliseconds;
        if (periodLength < 1)
        {
            reader.Problem("akkalb.network.periods.length", "at least 1ms");
        }
        BaselineOptions baselines = ReadBaselines(reader);
        GravityOptions gravity = new()
        {
            MeanLoad = reader.Number("akkalb.network.flows.generate.mean-load", 0, 1, open: true),
            MaxFlowsPerPair = reader.Integer("akkalb.network.flows.generate.flows-per-pair", 1, 10_000),
            Seed = reader.Seed("akkalb.network.flows.generate.seed"),
        };
        long at = (long)reader.AnyDuration("akkalb.network.flows.at").TotalMilliseconds;
        Objective objective = reader.Choice(
            "akkalb.network.objective", ("variance", Objective.Variance), ("max-load", Objective.MaxLoad),
            ("max-utilisation", Objective.MaxUtilisation), ("fortz-thorup", Objective.FortzThorup), ("mean-delay", Objective.MeanDelay),
            ("percentile-95", Objective.Percentile95));
        RoutingRule routing = RunRouting.ReadRule(reader);
        bool asynchronous = reader.Choice("akkalb.network.mode", ("episodes", false), ("asynchronous", true));
        AsynchronousKeys keys = AsynchronousKeys.Read(reader);
        if (asynchronous && (method != NetworkMethod.Samaroh || learning.Readout == ReadoutMode.Reference))
        {
            reader.Problem("akkalb.network.mode",
                "episodes, or agents that decide alone: method samaroh, samaroh-2l, samaroh-cf or samaroh-cf-2l with readout per-agent "
                    + "or shared");
        }
        if (asynchronous && learning.Memory is { Switching: LayerSwitching.Team })
        {
            reader.Problem("akkalb.network.memory.switching",
                "per-agent where 'akkalb.network.mode' is asynchronous: there is no moment at which a team could compare");
        }
        if (asynchronous && learning.Memory is not null && keys.Agents.Patience is not null)
        {
            reader.Problem("akkalb.network.asynchronous.exchange", "pull with a memory, which saves what it need not ask for");
        }
        if (!asynchronous && keys.Policy.Length > 0)
        {
            reader.Problem("akkalb.network.policy", "nothing, unless 'akkalb.network.mode' is asynchronous");
        }
        if (asynchronous && learning.Architecture != ActorArchitecture.MessagePassing)
        {
            reader.Problem(
                "akkalb.network.mode", "episodes, as 'akkalb.network.agents.architecture' is attention and link agents pass messages");
        }
        (BackendOptions backend, int threads) = BackendReader.Read(reader, reader.Integer("akkalb.network.training.threads", 1, 256));
        TrafficVariation variation = TrafficVariationReader.Read(reader, asynchronous, periods, learning, backend);
        if (variation.Graphs > 0)
        {
            backend = backend with { Choice = BackendChoice.Native };
        }
        CheckGenerated(reader, variation);
        TimeSpan checkpointInterval = reader.AnyDuration("akkalb.checkpoint.interval");
        _ = JournalOptions.Read(reader);
        reader.ThrowIfInvalid();

        ImportedTopology imported = NetworkInputReader.ReadTopology(reader, baseFolder);
        Topology topology = imported.Topology;
        TopologyChanges changes = NetworkInputReader.ReadChanges(reader, baseFolder, topology);
        (FlowSet flows, double? generatorMeanLoad) = NetworkInputReader.ReadFlows(reader, baseFolder, imported, gravity, cancellation);
        NetworkInputReader.CheckMagnitudes(topology, flows);
        NetworkModel model = Model(learning, topology, source);
        if (learning.Memory is { Deltas.Count: > 1 } memory && memory.Deltas.Count != model.MessageIterations)
        {
            reader.ListProblem("akkalb.network.memory.deltas", $"a value for each of the {model.MessageIterations} exchanges, or none");
            reader.ThrowIfInvalid();
        }
        double[] initialWeights = learning.InitialWeights(topology);
        IReadOnlyList<long> starts = ScenarioSchedule.StartsOf(at, periods, periodLength, changes);
        foreach (long start in starts)
        {
            if (flows.ActiveAt(start).Count == 0)
            {
                string key = start == at ? "akkalb.network.flows.at" : "akkalb.network.periods";
                throw new InvalidInputException(
                    $"{flows.Name}: expected flows that are active at {start} ms ('{key}' of {source}), found none");
            }
        }
        NetworkTimeline timeline = new(topology, flows, changes, routing);
        ScenarioSchedule scenarios = new(timeline, starts, learning.Episodes / periods, initialWeights, objective);
        if (variation.Varies)
        {
            scenarios = TrafficVariationReader.Vary(scenarios.Of(0), variation, gravity, timeline, learning);
        }
        for (int period = 0; period < periods; period++)
        {
            // Built here, so that traffic which cannot be routed is found before anything is written.
            NetworkInputReader.CheckRoutable(reader, baseFolder, scenarios.Of(period), starts[period]);
        }
        NetworkScenario EqualWeights(RoutingModel model)
        {
            NetworkTimeline routed = model == routing.Model
                ? timeline
                : new NetworkTimeline(topology, flows, changes, routing with { Model = model });
            return new NetworkScenario(topology, routed.At(starts[^1]), ChannelWeights.Uniform(topology), objective);
        }
        return new NetworkExperiment(
            reader.ExperimentName,
            reader.Text("akkalb.method"),
            seed,
            config,
            topology,
            timeline,
            scenarios,
            generatorMeanLoad,
            routing.Model == RoutingModel.Dag ? EqualWeights(RoutingModel.Dag) : OrNone(() => EqualWeights(RoutingModel.Dag)),
            EqualWeights(RoutingModel.Shortest),
            model,
            asynchronous ? keys.Build(reader, baseFolder, timeline, objective, initialWeights, model, seed, at) : null,
            baselines,
            threads,
            checkpointInterval)
        {
            Backend = BackendReader.Create(reader, backend),
            Notes = [.. Notes(imported, flows), .. TrafficVariationReader.Notes(scenarios, learning)],
        };
    }

    /// <summary>Whoever asks for generated flows gets them, or hears why not; in a file they may stand beside flows of a file.</summary>
    private static void CheckGenerated(SectionReader reader, TrafficVariation variation)
    {
        if (reader.Text(NetworkInputReader.FlowsKey).Length == 0 || variation.Varies)
        {
            return;
        }
        foreach (string key in new[] { "mean-load", "flows-per-pair", "seed" }.Select(name => $"akkalb.network.flows.generate.{name}"))
        {
            if (reader.IsOverride(key))
            {
                reader.Problem(key, $"none, as the flows are those of '{NetworkInputReader.FlowsKey}'");
            }
        }
    }

    private static IEnumerable<string> Notes(ImportedTopology imported, FlowSet flows)
    {
        IEnumerable<string> ofFlows = flows.Notes.Select(note => $"{Path.GetFileName(flows.Name)}: {note}");
        return imported.Format is { } format
            ? [$"topology read as {format}: {imported.Topology.NodeCount} nodes, {imported.Topology.LinkCount} links",
                .. imported.Notes, .. ofFlows]
            : ofFlows;
    }

    /// <summary>Reads what link agents know of an experiment: nothing of its traffic, which takes long where there are thousands.</summary>
    /// <inheritdoc cref="Read"/>
    public static (NetworkModel Model, ulong Seed) ReadModel(Config config, string source, string baseFolder)
    {
        SectionReader reader = new(config, source);
        ulong seed = reader.Seed("akkalb.seed");
        NetworkLearningOptions learning = ReadAgents(reader).Learning;
        reader.ThrowIfInvalid();
        return (Model(learning, NetworkInputReader.ReadTopology(reader, baseFolder).Topology, source), seed);
    }

    private static NetworkModel Model(NetworkLearningOptions learning, Topology topology, string source)
    {
        try
        {
            return new NetworkModel(learning, topology);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{source}: {e.Message}", e);
        }
    }

    /// <summary>Reads an experiment that must train its own policy.</summary>
    /// <inheritdoc cref="Read"/>
    public static NetworkExperiment ReadTraining(Config config, string source, string baseFolder, CancellationToken cancellation = default)
    {
        NetworkExperiment experiment = Read(config, source, baseFolder, cancellation);
        return experiment.Trains
            ? experiment
            : throw new InvalidInputException($"{source}: 'akkalb.network.policy' names a policy, expected runs that train their own");
    }

    private static (NetworkMethod Method, int Periods, NetworkLearningOptions Learning) ReadAgents(SectionReader reader)
    {
        reader.Choice("akkalb.family", ("network", 0));
        NetworkMethod method = reader.Choice("akkalb.method", ("samaroh", NetworkMethod.Samaroh), ("maroh", NetworkMethod.Maroh),
            ("samaroh-2l", NetworkMethod.Samaroh), ("maroh-2l", NetworkMethod.Maroh), (CounterfactualMethod, NetworkMethod.Samaroh),
            ($"{CounterfactualMethod}-2l", NetworkMethod.Samaroh));
        int periods = reader.Integer("akkalb.network.periods.count", 1, 10_000);
        NetworkLearningOptions learning = ReadLearning(reader, method, periods);
        CheckTogether(reader, learning);
        return (method, periods, learning);
    }

    /// <summary>Keys that are right by themselves and not beside each other. The options refuse them too, but know no keys.</summary>
    private static void CheckTogether(SectionReader reader, NetworkLearningOptions learning)
    {
        const string Network = "akkalb.network", Memory = Network + ".memory";
        string method = reader.Text("akkalb.method");
        void Require(bool holds, string key, string expected)
        {
            if (!holds)
            {
                reader.Problem(key, expected);
            }
        }
        if (learning.Credit == CreditAssignment.Counterfactual)
        {
            bool Lacks(WeightChange change) => learning.Actions.All(action => action.Change != change);
            Require(Lacks(WeightChange.Add), $"{Network}.agents.actions.add", $"off with method {method}, whose actions are factors");
            Require(
                Lacks(WeightChange.Subtract), $"{Network}.agents.actions.subtract", $"off with method {method}, whose actions are factors");
            Require(learning.RewardMeasure == RewardMeasure.Phi, $"{Network}.training.reward", $"phi with method {method}");
            Require(
                learning.RewardComputation == RewardComputation.Change, $"{Network}.training.reward-computation",
                $"change with method {method}");
        }
        if (learning.Memory is not { } memory)
        {
            return;
        }
        Require(
            learning.Architecture == ActorArchitecture.MessagePassing, $"{Network}.agents.architecture",
            $"message-passing with method {method}, whose memories hold its states");
        Require(
            memory.Metric == DistanceMetric.Euclidean || memory.Clustering != ClusteringMethod.MiniBatchKMeans
                || memory.Representatives == RepresentativeSelection.DeltaNet,
            $"{Memory}.metric", $"l2, or '{Memory}.clustering' agglomerative: k-means needs l2");
        bool reference = memory.Representatives == RepresentativeSelection.Reference;
        Require(
            memory.Recalls != MemoryRecalls.Memory || reference, $"{Memory}.recalls",
            $"compute, or '{Memory}.representatives' reference");
        Require(
            memory.Switching == LayerSwitching.Team || !reference, $"{Memory}.switching",
            $"team where '{Memory}.representatives' is reference");
        Require(
            memory.Switching == LayerSwitching.Team || learning.Readout != ReadoutMode.Reference, $"{Memory}.switching",
            $"team where '{Network}.agents.readout' is reference: agents decide on each other's outputs");
        Require(
            memory.Target != ThresholdTarget.Share || memory.TargetValue < 1, $"{Memory}.adapt.value",
            $"a share below 1 where '{Memory}.adapt.target' is share");
    }

    /// <param name="periods">Each of which has the configured number of episodes.</param>
    private static NetworkLearningOptions ReadLearning(SectionReader reader, NetworkMethod method, int periods)
    {
        const string Agents = "akkalb.network.agents", Training = "akkalb.network.training";
        List<WeightAction> actions = [];
        void Action(string name, WeightChange change)
        {
            if (reader.NumberOrOff($"{Agents}.actions.{name}", 0, open: true) is { } value)
            {
                actions.Add(new WeightAction(change, value));
            }
        }
        // The published order of the enabled actions.
        Action("add", WeightChange.Add);
        Action("subtract", WeightChange.Subtract);
        Action("multiply", WeightChange.Multiply);
        Action("divide", WeightChange.Divide);
        if (reader.Switch($"{Agents}.actions.nothing"))
        {
            actions.Add(new WeightAction(WeightChange.Keep));
        }
        if (actions.Count == 0)
        {
            reader.Problem($"{Agents}.actions.nothing", "at least one action to be enabled");
        }
        int minimum = reader.Integer($"{Agents}.initial-weight.min", 1, 1_000_000);
        return new NetworkLearningOptions
        {
            Method = method,
            Actions = actions,
            HalveStepsEvery = reader.IntegerOrOff($"{Agents}.actions.halve-every", 1, 1_000_000) ?? 0,
            Readout = reader.Choice($"{Agents}.readout", ("per-agent", ReadoutMode.PerAgent), ("shared", ReadoutMode.Shared), (
                "reference", ReadoutMode.Reference)),
            Architecture = reader.Choice(
                $"{Agents}.architecture",
                ("message-passing", ActorArchitecture.MessagePassing), ("attention", ActorArchitecture.Attention)),
            AttentionHeads = reader.Integer($"{Agents}.attention.heads", 1, 64),
            AttentionWidth = reader.Integer($"{Agents}.attention.width", 1, 512),
            Memory = reader.Text("akkalb.method").EndsWith("-2l", StringComparison.Ordinal) ? ReadMemory(reader) : null,
            Credit = reader.Text("akkalb.method").StartsWith(CounterfactualMethod, StringComparison.Ordinal)
                ? CreditAssignment.Counterfactual
                : CreditAssignment.Team,
            NormaliseObservations = reader.Choice($"{Agents}.observation", ("normalised", true), ("raw", false)),
            MessageIterations = reader.Integer($"{Agents}.message-iterations", 0, 100),
            MinInitialWeight = minimum,
            MaxInitialWeight = reader.Integer($"{Agents}.initial-weight.max", Math.Max(1, minimum), 1_000_000),
            Episodes = periods * reader.Integer($"{Training}.episodes", 1, int.MaxValue / periods),
            Horizons = reader.Integer($"{Training}.horizons", 1, 1_000_000),
            EpisodesPerUpdate = reader.Integer($"{Training}.update-every", 1, 1_000_000),
            RewardMeasure = reader.Choice(
                $"{Training}.reward",
                ("phi", RewardMeasure.Phi),
                ("max-utilisation", RewardMeasure.MaxUtilisation),
                ("max-minus-min", RewardMeasure.UtilisationRange),
                ("mean", RewardMeasure.MeanUtilisation),
                ("standard-deviation", RewardMeasure.UtilisationDeviation),
                ("mean-times-standard-deviation", RewardMeasure.MeanTimesDeviation)),
            RewardComputation = reader.Choice(
                $"{Training}.reward-computation",
                ("change", RewardComputation.Change), ("value", RewardComputation.Value), (
                    "change-with-bonus", RewardComputation.ChangeWithBonus)),
            RewardScale = reader.Number($"{Training}.reward-scale", 0, open: true),
            SampleShare = reader.Number($"{Training}.sample-probability", 0, 1),
            Discount = reader.Number($"{Training}.discount", 0, 1),
            AdvantageLambda = reader.Number($"{Training}.gae-lambda", 0, 1),
            ActorLearningRate = reader.Number($"{Training}.learning-rate.actor", 0, 1, open: true),
            CriticLearningRate = reader.Number($"{Training}.learning-rate.critic", 0, 1, open: true),
            Epochs = reader.Integer($"{Training}.epochs", 1, 1000),
            MinibatchSize = reader.Integer($"{Training}.minibatch", 1, 1_000_000),
            Clip = reader.Number($"{Training}.clip", 0, open: true),
            EntropyCoefficient = reader.Number($"{Training}.entropy", 0),
            CriticCoefficient = reader.Number($"{Training}.critic-coefficient", 0),
            GradientNorm = reader.Number($"{Training}.gradient-norm", 0, open: true),
            AnnealTo = reader.Number($"{Training}.anneal-to", 0, 1),
            AdamEpsilon = reader.Number($"{Training}.adam-epsilon", 0, open: true),
        };
    }

    private static ExperienceOptions ReadMemory(SectionReader reader)
    {
        const string Memory = "akkalb.network.memory";
        ClusteringMethod clustering = reader.Choice(
            $"{Memory}.clustering", ("k-means", ClusteringMethod.MiniBatchKMeans), ("agglomerative", ClusteringMethod.Agglomerative));
        return new ExperienceOptions
        {
            Representatives = reader.Choice(
                $"{Memory}.representatives",
                ("delta-net", RepresentativeSelection.DeltaNet), ("clusters", RepresentativeSelection.Clusters), (
                    "reference", RepresentativeSelection.Reference)),
            Clustering = clustering,
            Metric = reader.Choice(
                $"{Memory}.metric", ("l2", DistanceMetric.Euclidean), ("l1", DistanceMetric.Manhattan), ("cosine", DistanceMetric.Cosine)),
            // Distances of all pairs: of so many some 2 GB.
            Size = reader.Integer($"{Memory}.size", 1, clustering == ClusteringMethod.Agglomerative ? 16_384 : 65_536),
            Deltas = reader.Numbers($"{Memory}.deltas", 0, double.MaxValue) is { Count: > 0 } deltas ? deltas
                : [reader.Number($"{Memory}.delta", 0, open: true)],
            UseProbability = reader.Number($"{Memory}.use-probability", 0, 1),
            Switching = reader.Choice($"{Memory}.switching", ("per-agent", LayerSwitching.PerAgent), ("team", LayerSwitching.Team)),
            Recalls = reader.Choice($"{Memory}.recalls", ("compute", MemoryRecalls.Compute), ("memory", MemoryRecalls.Memory)),
            MaxPolicyAge = reader.IntegerOrOff($"{Memory}.max-policy-age", 0),
            Target = reader.Choice(
                $"{Memory}.adapt.target", ("none", ThresholdTarget.None), ("share", ThresholdTarget.Share), ("loss", ThresholdTarget.Loss)),
            TargetValue = reader.Number($"{Memory}.adapt.value", 0, open: true),
            AdaptEvery = reader.Integer($"{Memory}.adapt.every", 1),
            ProbeEvery = reader.Integer($"{Memory}.adapt.probe-every", 2),
            AdaptRate = reader.Number($"{Memory}.adapt.rate", 0, open: true),
        };
    }

    private static BaselineOptions ReadBaselines(SectionReader reader)
    {
        const string Genetic = "akkalb.baselines.genetic";
        GeneticOptions options = new()
        {
            Population = reader.Integer($"{Genetic}.population", 2, 100_000),
            Iterations = reader.Integer($"{Genetic}.generations", 1, 1_000_000),
            ReferenceMutation = reader.Choice($"{Genetic}.mutation", ("correct", false), ("reference", true)),
            Seed = reader.Seed($"{Genetic}.seed"),
        };
        return new BaselineOptions(reader.Switch("akkalb.baselines.ucmp"), reader.Switch($"{Genetic}.enabled") ? options : null);
    }

    /// <summary>A baseline that cannot route the flows is no reason to refuse a run whose own routing can.</summary>
    private static NetworkScenario? OrNone(Func<NetworkScenario> baseline)
    {
        try
        {
            return baseline();
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
