using System.Text.Json;

namespace AkkaLb.Domain.Game;

/// <summary>Where the players' work is before the pass.</summary>
public enum StaticStart
{
    /// <summary>Nobody has placed anything.</summary>
    Empty,

    /// <summary>Every job in equal parts on all servers.</summary>
    Uniform,

    /// <summary>As <see cref="StaticGameRequest.StartProfile"/> says.</summary>
    Given,
}

/// <summary>What <c>akkalb game static</c> reads: one pass of best responses.</summary>
/// <param name="Instance">The game.</param>
/// <param name="Start">The start.</param>
/// <param name="StartProfile">In units of work, for <see cref="StaticStart.Given"/>.</param>
/// <param name="Order">Who moves, one after the other; null for everybody in index order.</param>
public sealed record StaticGameRequest(
    GameInstance<double> Instance, StaticStart Start, Profile<double>? StartProfile, IReadOnlyList<int>? Order)
{
    /// <summary>
    /// Reads <c>{"rates":[…], "loads":[…], "lengths":[…], "start":"empty"|"uniform"|[[…]], "order":[…]|null}</c>. The rows of a given
    /// start are in units of work, and may sum to at most the player's length.
    /// </summary>
    /// <exception cref="InvalidInputException">One line with the source, the key and what was expected.</exception>
    public static StaticGameRequest Parse(string json, string source)
    {
        GameInput input = GameInput.Parse(json, source, "rates", "loads", "lengths", "start", "order");
        GameInstance<double> instance = input.Instance();
        int[]? order = null;
        if (input.Optional("order") is { } players)
        {
            order = players.ValueKind == JsonValueKind.Array
                ? input.Players("order", players, instance.Players)
                : throw input.Error("order", $"expected an array of players or null, got {GameInput.Show(players)}");
        }

        if (input.Optional("start") is { ValueKind: JsonValueKind.Array } rows)
        {
            return new StaticGameRequest(instance, StaticStart.Given, ReadStart(input, rows, instance), order);
        }

        StaticStart start = input.Word("start", "empty", "uniform") == "empty" ? StaticStart.Empty : StaticStart.Uniform;
        return new StaticGameRequest(instance, start, null, order);
    }

    private static Profile<double> ReadStart(GameInput input, JsonElement rows, GameInstance<double> instance)
    {
        if (rows.GetArrayLength() != instance.Players)
        {
            throw input.Error("start", $"expected {instance.Players} rows, one for each of lengths, got {rows.GetArrayLength()}");
        }

        var profile = new Profile<double>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            string key = $"start[{i}]";
            double[] row = input.Numbers(key, rows[i]);
            if (row.Length != instance.Servers)
            {
                throw input.Error(key, $"expected {instance.Servers} numbers, one for each of rates, got {row.Length}");
            }

            int negative = Array.FindIndex(row, amount => amount < 0);
            if (negative >= 0)
            {
                throw input.Error($"{key}[{negative}]", $"expected a number of at least 0, got {row[negative]}");
            }

            // An overfull row breaks the premise under which one pass gives an equilibrium.
            if (row.Sum() > instance.Lengths[i] * (1 + 1e-9))
            {
                throw input.Error(key, $"expected a sum of at most lengths[{i}] = {instance.Lengths[i]}, got {row.Sum()}");
            }

            row.CopyTo(profile[i]);
        }

        return profile;
    }
}
