using AkkaLb.Domain.Game;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The result of <c>game static</c> for people.</summary>
internal static class StaticGameReport
{
    /// <summary>Rows of a table that are shown; the JSON document has all.</summary>
    public const int MostRows = 40;

    public static void Write(IAnsiConsole console, GameInstance<double> instance, StaticGameResult result)
    {
        string what = result.IsEquilibrium ? "an equilibrium" : "no equilibrium (the order leaves players out who would move)";
        console.WriteLine($"{what}: {instance.Players} players on {instance.Servers} servers, level {Terminal.Figure(result.Level)}");
        console.WriteLine($"potential {Terminal.Figure(result.Potential)}, social cost {Terminal.Figure(result.SocialCost)}, price of "
            + $"anarchy at most {Terminal.Figure(result.PriceOfAnarchyBound)}");
        console.WriteLine(result.Optimum is null
            ? "optimum and exact price of anarchy: not computed, the game is too large (--exact)"
            : $"optimum {Terminal.Figure(result.Optimum)}, worst equilibrium {Terminal.Figure(result.WorstEquilibrium)}, "
                + $"price of anarchy {Terminal.Figure(result.PriceOfAnarchy)}");
        Table servers = Terminal.Table(
            ("server", Justify.Right), ("rate", Justify.Right), ("initial load", Justify.Right), ("placed", Justify.Right),
            ("level", Justify.Right));
        for (int j = 0; j < Math.Min(instance.Servers, MostRows); j++)
        {
            double level = (instance.Loads[j] + result.Totals[j]) / instance.Rates[j];
            servers.AddRow(Cells(j, instance.Rates[j], instance.Loads[j], result.Totals[j], level));
        }
        console.WriteFitted(servers);
        WriteRest(console, instance.Servers, "servers");
        Table players = Terminal.Table(
            ("player", Justify.Right), ("length", Justify.Right), ("waiting of the whole job", Justify.Right),
            ("mean wait", Justify.Right));
        for (int i = 0; i < Math.Min(instance.Players, MostRows); i++)
        {
            players.AddRow(Cells(i, instance.Lengths[i], result.CostsW[i], result.CostsAverage[i]));
        }
        console.WriteFitted(players);
        WriteRest(console, instance.Players, "players");
    }

    internal static Text[] Cells(long index, params ReadOnlySpan<double> values)
    {
        Text[] cells = new Text[values.Length + 1];
        cells[0] = new Text($"{index}");
        for (int c = 0; c < values.Length; c++)
        {
            cells[c + 1] = new Text(Terminal.Figure(values[c]));
        }
        return cells;
    }

    private static void WriteRest(IAnsiConsole console, int count, string what)
    {
        if (count > MostRows)
        {
            console.WriteLine($"… and {count - MostRows} more {what}; --json shows all");
        }
    }
}
