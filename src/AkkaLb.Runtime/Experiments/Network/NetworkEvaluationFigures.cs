namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>
/// Where an evaluated policy comes from and what it was played on. Names are a contract: fields may be added, never renamed.
/// </summary>
/// <param name="Run">Folder of the run that learnt it.</param>
/// <param name="LearntSeed">Seed of that run.</param>
/// <param name="LearntEpisodes">Episodes that it had learnt from.</param>
/// <param name="Decisions"><c>greedy</c>: the most probable action of every agent.  <c>sampled</c>: as in training.</param>
/// <param name="Flows"><c>run</c>: those of the run.  <c>generated</c>: for the evaluation.  <c>file</c>: of another file.</param>
/// <param name="Objective">As configured; Φ is the value of this objective where it is another than the variance.</param>
public sealed record NetworkEvaluationFigures(
    string Run, ulong LearntSeed, long LearntEpisodes, string Decisions, string Topology, string Flows, string Objective,
    IReadOnlyList<EvaluatedEpisode> Episodes);

/// <summary>One evaluated episode.</summary>
/// <param name="FlowsSeed">Of generated flows; null for those of a file.</param>
/// <param name="Unroutable">Of the flows, those without a path; they load nothing.</param>
/// <param name="Phi">Φ after the last horizon.</param>
/// <param name="PhiStart">Φ before the first horizon: all weights as initialised.</param>
/// <param name="PhiLowest">Lowest Φ at any horizon.</param>
/// <param name="MeanUtilisation">After the last horizon, as is <paramref name="MaxUtilisation"/>.</param>
/// <param name="Baselines">On the same flows.</param>
public sealed record EvaluatedEpisode(
    ulong? FlowsSeed, int Flows, int Unroutable, double Phi, double PhiStart, double PhiLowest, double MeanUtilisation,
    double MaxUtilisation, RunBaselines Baselines);
