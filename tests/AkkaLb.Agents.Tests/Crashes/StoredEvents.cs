using Akka.Actor;
using Akka.TestKit;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Tests.Journals;

namespace AkkaLb.Agents.Tests.Crashes;

/// <summary>Journals of tests, in memory.</summary>
internal static class StoredEvents
{
    /// <param name="failures">Gets why an agent can store nothing more.</param>
    public static AgentJournal Journal(string prefix, List<string> failures) => new(prefix, 1000, e => e.Message, reason =>
    {
        lock (failures)
        {
            failures.Add(reason);
        }
    });

    /// <summary>What is stored of an agent, a line for each event.</summary>
    public static IReadOnlyList<string> Read(this TestKitBase kit, AgentJournal journal, string agent)
    {
        IActorRef reader = kit.Sys.ActorOf(JournalReaderActor.Props(journal, agent));
        reader.Tell(JournalReaderActor.Report, kit.TestActor);
        var reported = kit.ExpectMsg<JournalReaderActor.EventsReported>(TimeSpan.FromSeconds(30));
        kit.Sys.Stop(reader);
        return [.. reported.Events.Select(EncodedEvent.Of).Select(e => $"{e.Manifest} {Convert.ToHexStringLower(e.Bytes)}")];
    }
}
