using System.Globalization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Decisions;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Bench.Learning;

/// <summary>
/// <c>decisions</c>: SAMAROH with and without an experience memory, agent by agent, on the same seeds: Φ, exchanges, size of the memories,
/// and processor time of one agent's decision (looking up, exchanging, deciding, remembering; without messages and routing), over the
/// second half of a training, on one thread.
/// </summary>
internal static class DecisionBenchmark
{
    private const int Facts = 40;

    private static readonly (string Name, ExperienceOptions? Memory)[] Kinds =
    [
        ("without", null),
        ("Δ-net", new ExperienceOptions { Representatives = RepresentativeSelection.DeltaNet, MaxPolicyAge = null }),
        ("Δ-net, this policy's cases only", new ExperienceOptions { Representatives = RepresentativeSelection.DeltaNet, MaxPolicyAge = 0 }),
        ("clusters", new ExperienceOptions { Representatives = RepresentativeSelection.Clusters, MaxPolicyAge = null }),
        ("reference, team", new ExperienceOptions { Representatives = RepresentativeSelection.Reference, MaxPolicyAge = null,
            Switching = LayerSwitching.Team }),
    ];

    /// <param name="args"><c>[--data DIR] [TOPOLOGY [EPISODES [SEEDS]]]</c>.</param>
    public static int Run(string[] args)
    {
        string data = args is ["--data", var directory, ..] ? directory : "";
        string[] rest = data.Length > 0 ? args[2..] : args;
        string name = rest is [var given, ..] ? given : "4-node";
        int episodes = rest is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 1500;
        int seeds = rest is [_, _, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 3;
        NetworkScenario scenario = RoutingBenchmark.Scenario(name, data);
        (int iterations, int horizons, int size, double delta) = name == "4-node" ? (2, 20, 512, 0.015) : (3, 50, 1024, 0.035);
        Console.WriteLine($"{name}: K = {iterations}, H = {horizons}, {episodes} episodes, {seeds} seeds, Δ = {delta}, {size} entries; "
            + "means over the seeds");
        Console.WriteLine($"{"memory",-34}{"Φ, last 500",14}{"exchanges",12}{"entries/agent",15}{"KB/agent",10}{"µs/decision",13}");
        foreach ((string kind, ExperienceOptions? memory) in Kinds)
        {
            var options = new NetworkLearningOptions
            {
                MessageIterations = iterations, Horizons = horizons, Episodes = episodes, Memory = memory is null ? null
                    : memory with { Size = size, Deltas = [delta] },
            };
            Result[] results = [.. Enumerable.Range(1, seeds).Select(
                seed => Train(new NetworkModel(options, scenario.Topology), scenario, (ulong)seed))];
            double Mean(Func<Result, double> figure) => results.Average(figure);
            Console.WriteLine($"{kind,-34}{Mean(r => r.Phi),14:F5}{Mean(r => r.Share),12:P1}{Mean(r => r.Entries),15:F0}"
                + $"{Mean(r => r.Kilobytes),10:F0}{Mean(r => r.Microseconds),13:F2}"
                + $"   Φ {string.Join(' ', results.Select(r => $"{r.Phi:F5}"))}; exchanges "
                + $"{string.Join(' ', results.Select(r => $"{r.Share:P1}"))}");
        }

        return 0;
    }

    private static Result Train(NetworkModel model, NetworkScenario scenario, ulong seed)
    {
        using var learner = new PpoLearner(model, seed, threads: 1);
        var schedule = new ScenarioSchedule(scenario);
        IRollout rollout = learner.Experience is { } experience
            ? new LayeredRollout(model, schedule, seed, experience)
            : new BatchedRollout(model, schedule, seed, learner.Team, Kernel.Best);
        var agents = new PlainAgents(model);
        List<EpisodeTrajectory> played = [];
        TimeSpan time = TimeSpan.Zero;
        long decisions = 0;
        while (played.Count < model.Options.Episodes)
        {
            int count = Math.Min(model.Options.EpisodesPerUpdate, model.Options.Episodes - played.Count);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            IReadOnlyList<EpisodeTrajectory> block = rollout.Run(learner.Policy, played.Count, count, default);
            TimeSpan end = Environment.CpuUsage.TotalTime;
            if (played.Count >= model.Options.Episodes / 2)
            {
                // Without memory the same decisions are taken again, agent by agent; with it the routing is taken off.
                time += learner.Experience is null ? agents.Time(learner.Policy, block)
                    : end - start - TrainingBenchmark.Route(scenario, model, block);
                decisions += (long)count * model.Options.Horizons * model.LinkCount;
            }

            played.AddRange(block);
            if (count == model.Options.EpisodesPerUpdate)
            {
                learner.Train(block);
            }
        }

        long possible = (long)played.Count * model.Options.Horizons * model.MessageIterations * model.MessagesPerExchange;
        (double entries, double bytes) = Size(model, learner.Experience);
        return new Result(
            played.TakeLast(500).Average(e => e.FinalObjective), (double)played.Sum(e => e.MessagesSent) / possible,
            entries, bytes / 1024, time.TotalMicroseconds / decisions);
    }

    /// <summary>Entries and bytes of an agent: keys, the states that followed, facts.</summary>
    private static (double Entries, double Bytes) Size(NetworkModel model, TeamExperience? experience)
    {
        double entries = 0, bytes = 0;
        for (int link = 0; experience is not null && link < model.LinkCount; link++)
        {
            for (int l = 0; l < model.MessageIterations; l++)
            {
                int count = experience[link].Stores[l].Count, key = l == 0 ? 2 : model.HiddenState;
                entries += count;
                bytes += count * (double)((key + (model.MessageIterations - l) * model.HiddenState) * sizeof(float) + Facts);
            }
        }

        return (entries / model.LinkCount, bytes / model.LinkCount);
    }

    private sealed record Result(double Phi, double Share, double Entries, double Kilobytes, double Microseconds);

    /// <summary>Agents without memory, each with its own arithmetic.</summary>
    private sealed class PlainAgents(NetworkModel model)
    {
        private readonly LayeredAgent[] _agents =
            [.. Enumerable.Range(0, model.LinkCount).Select(link => new LayeredAgent(model, new LinkAgentCore(model, link), memory: null))];

        private readonly TeamDecision _team = new(model);
        private readonly float[] _incoming = new float[model.MaxPredecessors * model.HiddenState];
        private readonly float[] _logits = new float[model.LinkCount * model.ActionCount];

        public TimeSpan Time(PolicySnapshot policy, IReadOnlyList<EpisodeTrajectory> episodes)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            foreach (EpisodeTrajectory episode in episodes)
            {
                for (int step = 0; step < episode.Horizons; step++)
                {
                    Decide(policy, episode, step);
                }
            }

            return Environment.CpuUsage.TotalTime - start;
        }

        private void Decide(PolicySnapshot policy, EpisodeTrajectory episode, int step)
        {
            for (int link = 0; link < _agents.Length; link++)
            {
                _agents[link].Open(policy, episode.Observation(step, link));
            }

            int width = model.HiddenState;
            for (int l = 0; l < model.MessageIterations; l++)
            {
                for (int link = 0; link < _agents.Length; link++)
                {
                    ReadOnlySpan<int> predecessors = model.Predecessors(link);
                    for (int slot = 0; slot < predecessors.Length; slot++)
                    {
                        _agents[predecessors[slot]].State(l).CopyTo(_incoming.AsSpan(slot * width));
                    }

                    _agents[link].Exchange(_incoming.AsSpan(0, predecessors.Length * width));
                }
            }

            for (int link = 0; link < _agents.Length; link++)
            {
                _agents[link].Logits(_logits.AsSpan(link * model.ActionCount, model.ActionCount));
            }

            for (int link = 0; link < _agents.Length; link++)
            {
                _team.Decide(_logits, link, sample: true, 0.5);
            }
        }
    }
}
