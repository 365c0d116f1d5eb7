using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Tests.Serialization;

/// <summary>Has a test's actor system serialize every message, as if each crossed to another node.</summary>
internal static class WireBindings
{
    public static string Hocon { get; } = $$"""

        akka.actor {
          serialize-messages = on
          serializers {
            akkalb-wire = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
            akkalb-journal = "{{typeof(JournalSerializer).AssemblyQualifiedName}}"
          }
          serialization-bindings {
            "{{typeof(IMessage).AssemblyQualifiedName}}" = akkalb-wire
            "{{typeof(IJournalEvent).AssemblyQualifiedName}}" = akkalb-journal
            "{{typeof(EventBlock).AssemblyQualifiedName}}" = akkalb-journal
            "{{typeof(AgentSnapshot).AssemblyQualifiedName}}" = akkalb-journal
          }
        }
        """;
}
