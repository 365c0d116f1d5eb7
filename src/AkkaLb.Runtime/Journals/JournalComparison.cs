using AkkaLb.Agents.Journals;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Journals;

/// <summary>How two agents' events differ.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Equal">Events that are the same, from the first one on.</param>
/// <param name="Left">Events of the first journal that were compared.</param>
/// <param name="Right">Events of the second journal that were compared.</param>
/// <param name="FirstLeft">The first event that differs; null if there are no more.</param>
/// <param name="FirstRight">Its counterpart; null if there are no more.</param>
public sealed record AgentDifference(string Agent, long Equal, long Left, long Right, StoredEvent? FirstLeft, StoredEvent? FirstRight)
{
    public bool IsNone => FirstLeft is null && FirstRight is null;
}

/// <summary>
/// Compares what was decided and learnt in two journals, agent by agent. Starts, stops and checkpoints of a run, which differ with every
/// stop, are passed over; events of other programs are compared by their bytes.
/// </summary>
public static class JournalComparison
{
    public static IReadOnlyList<AgentDifference> Compare(JournalReader left, JournalReader right, EventFilter filter)
    {
        IEnumerable<string> agents = left.Agents().Concat(right.Agents()).Select(a => a.Agent).Distinct()
            .Where(agent => filter.Agent is null || filter.Agent == agent).Order(NaturalOrder.Instance);
        return [.. agents.Select(agent => Compare(
            agent, Numbered(left, filter with { Agent = agent }), Numbered(right, filter with { Agent = agent })))];
    }

    private static AgentDifference Compare(string agent, IEnumerable<StoredEvent> left, IEnumerable<StoredEvent> right)
    {
        using IEnumerator<StoredEvent> lefts = left.GetEnumerator(), rights = right.GetEnumerator();
        long equal = 0, leftCount = 0, rightCount = 0;
        StoredEvent? firstLeft = null, firstRight = null;
        bool hasLeft = lefts.MoveNext(), hasRight = rights.MoveNext();
        for (; hasLeft || hasRight; hasLeft = hasLeft && lefts.MoveNext(), hasRight = hasRight && rights.MoveNext())
        {
            leftCount += hasLeft ? 1 : 0;
            rightCount += hasRight ? 1 : 0;
            if (firstLeft is not null || firstRight is not null)
            {
                continue;
            }
            if (hasLeft && hasRight && AreEqual(lefts.Current, rights.Current))
            {
                equal++;
            }
            else
            {
                (firstLeft, firstRight) = (hasLeft ? lefts.Current : null, hasRight ? rights.Current : null);
            }
        }
        return new AgentDifference(agent, equal, leftCount, rightCount, firstLeft, firstRight);
    }

    /// <summary>The same bytes, or the same content of another version.</summary>
    private static bool AreEqual(StoredEvent left, StoredEvent right) => left.Manifest == right.Manifest
        ? left.Bytes.AsSpan().SequenceEqual(right.Bytes)
        : left.Type == right.Type && left.Row.IsOurs && right.Row.IsOurs
            && JournalFormat.Write(left.Read()).AsSpan().SequenceEqual(JournalFormat.Write(right.Read()));

    private static IEnumerable<StoredEvent> Numbered(JournalReader reader, EventFilter filter) =>
        reader.Events(filter).Where(stored => !stored.Row.IsOurs || stored.Read().Step >= 0);
}
