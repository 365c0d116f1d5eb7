using System.Globalization;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Proxy.Admin;

/// <summary>Looks up decisions in a proxy's journal, which it goes on writing meanwhile.</summary>
internal sealed class DecisionJournal(Config resolved, string source, string state)
{
    /// <summary>A decision of a cluster's agent.</summary>
    /// <returns>Null when it is not there: no journal is kept, or the decision is not stored, or no longer.</returns>
    public DecisionExplanation? Find(string cluster, long number)
    {
        if (number < 1
            || JournalLocation.Read(resolved.WithFallback(ConfigurationLoader.Reference), source, RunFolder.At(state)) is not { } location)
        {
            return null;
        }
        using JournalReader reader = JournalReader.Open(location);
        StoredEvent? found = reader.Search(
            LiveBalancerJournal.Agent(cluster),
            stored => stored.Type == "live-weights-decided" ? (number - 1).CompareTo(stored.Read().Step) : null);
        return found?.Read() is not LiveBalancerJournal.WeightsDecided decided ? null : new DecisionExplanation(
            number, DateTimeOffset.FromUnixTimeMilliseconds(decided.Time), decided.Reason,
            [
                .. decided.Servers.Select(server => new DecidedServer(
                    server.Name, server.Weight, server.Rate, server.Slots, server.Seen, server.InFlight, server.Answered, server.Failed,
                    server.MeanSeconds)),
            ]);
    }

    /// <summary>The <c>x-akkalb-request</c> of a pick.</summary>
    public static string Request(string cluster, long decision, long number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cluster}.{decision}.{number}");

    /// <summary>CLUSTER.DECISION.NUMBER.</summary>
    /// <exception cref="InvalidInputException">It is no such text.</exception>
    public static (string Cluster, long Decision, long Number) Parse(string request) =>
        request.Split('.') is [{ Length: > 0 } cluster, var decision, var number]
            && long.TryParse(decision, NumberStyles.None, CultureInfo.InvariantCulture, out long decided)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long counted)
            ? (cluster, decided, counted)
            : throw new InvalidInputException(
                $"{request}: expected the x-akkalb-request of an answer, CLUSTER.DECISION.NUMBER, such as web.17.40312");
}
