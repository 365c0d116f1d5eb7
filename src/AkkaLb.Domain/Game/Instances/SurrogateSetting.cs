namespace AkkaLb.Domain.Game;

/// <summary>
/// Settings 1–7 of the paper's Table 2 as <b>surrogates</b>: the paper's numbers are lost, and these are ours, chosen so that the iteration
/// counts equal the published ones (specification, section 8). Never quote them as the paper's.
/// </summary>
public sealed class SurrogateSetting
{
    private readonly Func<(GameInstance<double> Instance, SplitMix64 Picks)> _draw;

    private SurrogateSetting(
        int number, int simultaneousSteps, int sequentialSteps, Func<(GameInstance<double> Instance, SplitMix64 Picks)> draw) =>
        (Number, SimultaneousSteps, SequentialSteps, _draw) = (number, simultaneousSteps, sequentialSteps, draw);

    public static IReadOnlyList<SurrogateSetting> All { get; } =
    [
        Explicit(1, 110, 66, [8, 2, 6, 9, 2, 4, 3, 5], [481, 96, 230, 588, 106, 144, 132, 195], [4, 5, 1, 2, 3, 2, 1, 3]),
        Random(2, 6, 6, players: 500, servers: 200, seed: 1, new InstanceRanges((10, 20), (0, 4), (0, 60))),
        Random(3, 32, 19, players: 100, servers: 50, seed: 38, new InstanceRanges((5, 10), (0, 5.5), (0, 100))),
        Random(4, 9, 8, players: 200, servers: 100, seed: 5, new InstanceRanges((5, 10), (0, 5), (0, 40))),
        Explicit(5, 176, 45, [2, 4, 5, 1, 2], [84, 135, 199, 28, 80], [2, 3, 2, 1, 3]),
        Explicit(6, 90, 19, [5, 1, 2, 5], [54, 12, 22, 91], [2, 3, 4, 2]),
        Explicit(7, 280, 24, [5, 1, 6, 4], [25, 24, 138, 93], [2, 3, 3, 3, 2, 2]),
    ];

    /// <summary>1 … 7, the paper's number.</summary>
    public int Number { get; }

    /// <summary>Table 2's count for simultaneous updates.</summary>
    public int SimultaneousSteps { get; }

    /// <summary>Table 2's count for sequential updates with random picks.</summary>
    public int SequentialSteps { get; }

    public GameInstance<double> Instance => _draw().Instance;

    /// <summary>The setting's random picks, from their beginning.</summary>
    public IEnumerable<int> RandomPicks()
    {
        (GameInstance<double> instance, SplitMix64 generator) = _draw();
        return Picks.Random(instance.Players, generator);
    }

    private static SurrogateSetting Explicit(
        int number, int simultaneousSteps, int sequentialSteps, double[] rates, double[] loads, double[] lengths)
    {
        var instance = new GameInstance<double>(rates, loads, lengths);
        return new(number, simultaneousSteps, sequentialSteps, () => (instance, new SplitMix64((ulong)number)));
    }

    /// <summary>One generator draws the instance and then the picks.</summary>
    private static SurrogateSetting Random(
        int number, int simultaneousSteps, int sequentialSteps, int players, int servers, ulong seed, InstanceRanges ranges) =>
        new(number, simultaneousSteps, sequentialSteps, () =>
        {
            var generator = new SplitMix64(seed);
            return (ranges.Draw(players, servers, generator.NextDouble), generator);
        });
}
