namespace AkkaLb.Runtime.Cluster;

/// <summary>What has happened to a cluster between two looks, as sentences.</summary>
internal static class ClusterChanges
{
    public static IEnumerable<string> Between(ClusterStatus before, ClusterStatus now)
    {
        Dictionary<string, MemberStatusReport> known = before.Members.ToDictionary(member => member.Address);
        foreach (MemberStatusReport member in now.Members)
        {
            if (!known.Remove(member.Address, out MemberStatusReport? was))
            {
                yield return $"{member.Address} has come";
            }
            else if (was.Status != member.Status)
            {
                yield return $"{member.Address} is {member.Status}, was {was.Status}";
            }
        }
        foreach (string gone in known.Keys)
        {
            yield return $"{gone} is gone";
        }
        foreach (string lost in now.Unreachable.Except(before.Unreachable))
        {
            yield return $"{lost} cannot be reached";
        }
        if (before.Singleton != now.Singleton)
        {
            yield return now.Singleton is null ? "nobody holds the runs" : $"{now.Singleton} holds the runs";
        }
    }

    /// <summary>Agents of a run that went the same way are told of in one sentence.</summary>
    public static IEnumerable<string> Between(IEnumerable<AgentPlace> before, IEnumerable<AgentPlace> now)
    {
        Dictionary<string, string> places = Places(now);
        Dictionary<string, string> known = Places(before);
        return known.Keys.Union(places.Keys)
            .Select(id => (Run: RunOf(id), From: known.GetValueOrDefault(id), To: places.GetValueOrDefault(id)))
            .Where(agent => agent.From != agent.To).GroupBy(agent => agent)
            .OrderBy(way => way.Key.To is null).ThenBy(way => way.Key.ToString(), StringComparer.Ordinal)
            .Select(way => $"{way.Count()} agent{(way.Count() == 1 ? "" : "s")} of {way.Key.Run} " + (way.Key switch
            {
                (_, null, { } to) => $"began on {to}",
                (_, { } from, null) => $"ended on {from}",
                (_, var from, var to) => $"moved from {from} to {to}, and began anew there",
            }));

        // An agent that is on its way may be told of twice.
        static Dictionary<string, string> Places(IEnumerable<AgentPlace> agents) =>
            agents.GroupBy(agent => agent.Id).ToDictionary(agent => agent.Key, agent => agent.Last().Node);
    }

    private static string RunOf(string id) => id[..Math.Max(0, id.LastIndexOf('/'))];
}
