using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Dashboard.Live;

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
                continue;
            }
            if (was.Status != member.Status)
            {
                yield return $"{member.Address} is {member.Status}, was {was.Status}";
            }
            if (was.Agents != member.Agents)
            {
                yield return $"{member.Address} has {member.Agents} agents, had {was.Agents}";
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
}
