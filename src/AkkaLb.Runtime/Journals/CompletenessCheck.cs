using System.Globalization;
using System.Text.RegularExpressions;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Journals;

/// <summary>What is known of an agent of a run.</summary>
/// <param name="Name">Without what stands before it in a database that runs share.</param>
/// <param name="Ends">How far its numbered events go, by type.</param>
/// <param name="IsWhole">Nothing is known to be wrong with it.</param>
internal sealed record AgentEnds(string Name, IReadOnlyDictionary<string, long> Ends, bool IsWhole);

/// <summary>
/// Whether a run that has finished has all its agents, and of each the events up to the end. What agents of one kind all store, they store
/// up to the same number; players are left out, as each stores its own moves.
/// </summary>
internal static partial class CompletenessCheck
{
    /// <summary>Kinds of agents, as their names begin.</summary>
    public const string Link = "link", Server = "server";

    private const string Training = ".training.";

    private static readonly string[] Common =
        ["weights-decided", "policy-adopted", "slice-decided", "connections-opened", "weights-decided-by-lb", "rounds-ended"];

    /// <summary>Whose events of another type go as far as those of the links.</summary>
    private static readonly (string Type, string Agent, string Other)[] Leaders =
    [
        ("weights-decided", RunEvents.Agent, "episode-finished"), ("slice-decided", AsynchronousJournal.Network, "slice-played"),
    ];

    /// <param name="counts">How many of a kind the run has, where that is known.</param>
    /// <returns>A line for each agent of which something is missing.</returns>
    public static IEnumerable<string> Problems(IReadOnlyCollection<AgentEnds> agents, IReadOnlyDictionary<string, int> counts)
    {
        (AgentEnds Agent, Match Name)[] known =
        [
            .. agents.OrderBy(agent => agent.Name, NaturalOrder.Instance).Select(agent => (agent, Pattern().Match(agent.Name)))
                .Where(agent => agent.Item2.Success),
        ];
        Dictionary<string, int> last = known.Where(agent => !IsTraining(agent.Name)).GroupBy(agent => Kind(agent.Name))
            .ToDictionary(kind => kind.Key, kind => kind.Max(agent => Number(agent.Name)));
        return known.GroupBy(agent => (Kind: Kind(agent.Name), Episode: agent.Name.Groups["episode"].Value)).SelectMany(group =>
        {
            int most = IsTraining(group.First().Name)
                ? group.Max(agent => Number(agent.Name)) : Math.Max(last[group.Key.Kind], counts.GetValueOrDefault(group.Key.Kind) - 1);
            HashSet<int> there = [.. group.Select(agent => Number(agent.Name))];
            return Enumerable.Range(0, most + 1).Where(number => !there.Contains(number))
                .Select(number => $"{group.Key.Kind}-{number}{group.Key.Episode}: it is missing, though the run has finished")
                .Concat(Short(agents, [.. group.Select(agent => agent.Agent)]));
        });
    }

    private static IEnumerable<string> Short(IReadOnlyCollection<AgentEnds> all, AgentEnds[] group)
    {
        (string Type, AgentEnds Leader, long End)[] ends =
        [
            .. Common.Where(type => group.Any(agent => agent.Ends.ContainsKey(type))).Select(type => group
                .Select(agent => (type, agent, End: End(agent, type)))
                .Concat(Leaders.Where(leader => leader.Type == type).SelectMany(leader => all
                    .Where(agent => agent.Name == leader.Agent).Select(agent => (type, agent, End: End(agent, leader.Other)))))
                .MaxBy(agent => agent.End)),
        ];
        foreach (AgentEnds agent in group.Where(agent => agent.IsWhole))
        {
            if (ends.FirstOrDefault(type => End(agent, type.Type) < type.End) is { Leader: { } leader } cut)
            {
                yield return $"{agent.Name}: its events at the end are missing: {cut.Type} to {End(agent, cut.Type)}, expected "
                    + $"{cut.End}, as far as {leader.Name} goes, as the run has finished";
            }
        }
    }

    private static long End(AgentEnds agent, string type) => agent.Ends.GetValueOrDefault(type);

    private static string Kind(Match name) => name.Groups["kind"].Value;

    private static int Number(Match name) => int.Parse(name.Groups["number"].Value, CultureInfo.InvariantCulture);

    // Each has as many load balancers as it was dealt.
    private static bool IsTraining(Match name) => name.Groups["episode"].Value.StartsWith(Training, StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<kind>link|load-balancer|server)-(?<number>0|[1-9][0-9]{0,5})(?<episode>\..+)?$")]
    private static partial Regex Pattern();
}
