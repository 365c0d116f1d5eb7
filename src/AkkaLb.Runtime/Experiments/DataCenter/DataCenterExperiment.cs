using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>A data-centre experiment, read and checked: every policy meets the same jobs in every repetition.</summary>
/// <param name="Baseline">The policy that the others are compared with, one of <paramref name="Policies"/>.</param>
/// <param name="Learning">What is learnt first; null when only policies are compared.</param>
/// <param name="Trace">What is replayed; null for drawn arrivals.</param>
/// <param name="Actors">Whether actors play the episodes; the results are the same.</param>
/// <param name="Resolved">The whole configuration, for the run folder.</param>
internal sealed record DataCenterExperiment(
    string Name, ulong Seed, Config Resolved, DataCenterModel Model, IReadOnlyList<string> Policies, string Baseline, int Repetitions,
    LearningPlan? Learning, ExperimentTrace? Trace, bool Actors);
