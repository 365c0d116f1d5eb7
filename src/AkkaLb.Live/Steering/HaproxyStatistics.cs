using System.Globalization;

namespace AkkaLb.Live.Steering;

/// <summary>Reads what <c>show stat</c> answers.</summary>
internal static class HaproxyStatistics
{
    private const string Header = "# ";

    /// <param name="servers">Names within the backend.</param>
    /// <returns>By server.</returns>
    /// <exception cref="IOException">It is no such answer, or the backend does not have one of the servers.</exception>
    public static ServerCounters?[] Read(string csv, string backend, IReadOnlyList<SteeredServer> servers)
    {
        string[] lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || !lines[0].StartsWith(Header, StringComparison.Ordinal))
        {
            throw new IOException($"expected the table of 'show stat', found '{csv.Split('\n')[0]}'");
        }
        string[] columns = lines[0][Header.Length..].Split(',');
        int Column(string name) => Array.IndexOf(columns, name);
        (int proxy, int server, int current) = (Column("pxname"), Column("svname"), Column("scur"));
        int[] answered = [Column("hrsp_1xx"), Column("hrsp_2xx"), Column("hrsp_3xx"), Column("hrsp_4xx")];
        int[] failed = [Column("hrsp_5xx"), Column("econ"), Column("eresp")];
        var counters = new ServerCounters?[servers.Count];
        foreach (string[] cells in lines.Skip(1).Select(line => line.Split(',')).Where(cells => cells[proxy] == backend))
        {
            for (int j = 0; j < servers.Count; j++)
            {
                if (servers[j].Name == cells[server])
                {
                    counters[j] = new ServerCounters(
                        (int)Number(cells[current]), answered.Sum(c => Number(cells[c])), failed.Sum(c => Number(cells[c])));
                }
            }
        }
        if (Array.FindIndex(counters, counter => counter is null) is >= 0 and var missing)
        {
            string found = string.Join(", ", lines.Skip(1).Select(line => line.Split(','))
                .Where(cells => cells[server] is not ("FRONTEND" or "BACKEND")).Select(cells => $"{cells[proxy]}/{cells[server]}"));
            throw new IOException($"HAProxy has no server {backend}/{servers[missing].Name}, it has {(found.Length > 0 ? found : "none")}");
        }
        return counters;
    }

    private static long Number(string cell) =>
        long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
