using System.Text.Json;

namespace AkkaLb.Domain.Game;

/// <summary>Whose job arrives at each step of sequential play.</summary>
public enum PickRule
{
    /// <summary>Player t mod n at step t.</summary>
    RoundRobin,

    /// <summary>Uniform, from the portable generator with the request's seed.</summary>
    Random,

    /// <summary>As <see cref="DynamicGameRequest.GivenPicks"/> says; the run ends with them.</summary>
    Given,
}

/// <summary>What <c>akkalb game dynamic</c> reads.</summary>
/// <param name="Instance">The game.</param>
/// <param name="Picks">Whose job arrives at each step, for sequential play.</param>
/// <param name="GivenPicks">For <see cref="PickRule.Given"/>.</param>
/// <param name="Seed">For <see cref="PickRule.Random"/>.</param>
/// <param name="Simultaneous">Null for sequential play; otherwise what all players respond to at each step.</param>
/// <param name="MaximumSteps">Null for no limit but that of the command.</param>
public sealed record DynamicGameRequest(
    GameInstance<double> Instance,
    PickRule Picks,
    IReadOnlyList<int>? GivenPicks,
    ulong Seed,
    SimultaneousReading? Simultaneous,
    long? MaximumSteps)
{
    /// <summary>What all players respond to if they move at once, which <see cref="Simultaneous"/> says whether they do.</summary>
    public SimultaneousReading Reading { get; init; } = SimultaneousReading.EquilibriumPlay;

    /// <summary>
    /// Reads <c>{"rates","loads","lengths","picks":"roundrobin"|"random"|[…],"seed":…,"update":"sequential"|"simultaneous",
    /// "maxSteps":…}</c>, and with simultaneous updates <c>"reading":"equilibriumPlay"|"previousActions"|"stateOnly"</c>. All but the
    /// first three have defaults: the words named first, seed 0.
    /// </summary>
    /// <exception cref="InvalidInputException">One line with the source, the key and what was expected.</exception>
    public static DynamicGameRequest Parse(string json, string source)
    {
        GameInput input = GameInput.Parse(
            json, source, "rates", "loads", "lengths", "picks", "seed", "update", "reading", "maxSteps");
        GameInstance<double> instance = input.Instance();
        (PickRule rule, int[]? given) = input.Optional("picks") is { ValueKind: JsonValueKind.Array } players
            ? (PickRule.Given, input.Players("picks", players, instance.Players))
            : (input.Word("picks", "roundrobin", "random") == "random" ? PickRule.Random : PickRule.RoundRobin, null);
        bool simultaneous = input.Word("update", "sequential", "simultaneous") == "simultaneous";
        SimultaneousReading reading = input.Word("reading", "equilibriumPlay", "previousActions", "stateOnly") switch
        {
            "previousActions" => SimultaneousReading.PreviousActions,
            "stateOnly" => SimultaneousReading.StateOnly,
            _ => SimultaneousReading.EquilibriumPlay,
        };
        return new DynamicGameRequest(
            instance, rule, given, input.Count("seed") ?? 0, simultaneous ? reading : null, (long?)input.Count("maxSteps", long.MaxValue))
        {
            Reading = reading,
        };
    }
}
