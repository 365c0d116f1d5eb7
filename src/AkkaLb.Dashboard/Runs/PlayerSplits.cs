using AkkaLb.Agents.Game.Players;
using AkkaLb.Dashboard.Components;
using AkkaLb.Domain;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Dashboard.Runs;

/// <summary>How the players of a game split their jobs in the end, from their journals.</summary>
internal static class PlayerSplits
{
    private const int MostPlayers = 100, MostShares = 5;

    /// <returns>Empty where no journal tells.</returns>
    public static IReadOnlyList<(string Player, int Used, string Largest)> Of(RunFiles run)
    {
        if (!run.Has(JournalLocation.EventsFile))
        {
            return [];
        }
        Dictionary<string, PlayerJournal.JobPlaced> last = [];
        using JournalReader reader = JournalReader.Open(JournalLocation.Of(run.Folder.FullPath));
        foreach (StoredEvent stored in reader.Events(new EventFilter()).Where(e => e.Agent.StartsWith("player-", StringComparison.Ordinal)))
        {
            if (stored.Read() is PlayerJournal.JobPlaced placed)
            {
                last[stored.Agent] = placed;
            }
        }
        return [.. last.OrderBy(player => player.Key, NaturalOrder.Instance).Take(MostPlayers).Select(
            player => Describe(player.Key, player.Value))];
    }

    private static (string Player, int Used, string Largest) Describe(string player, PlayerJournal.JobPlaced decided)
    {
        double all = decided.Placement.Sum();
        var used = decided.Placement.Select((amount, server) => (Amount: amount, Server: server)).Where(share =>
            share.Amount > 0).ToArray();
        return (player, used.Length, string.Join(", ", used.OrderByDescending(share => share.Amount).Take(MostShares)
            .Select(share => $"{Figures.Percent(share.Amount / all)} on server {share.Server}")));
    }
}
