using Akka.Configuration;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Tests.Serialization;

/// <summary>Has every message between actors written to bytes and read again, as it would be between nodes.</summary>
internal static class WireConfiguration
{
    public static readonly Config Wire = ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          actor {
            serialize-messages = on
            serializers.akkalb-wire = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
            serializers.akkalb-journal = "{{typeof(JournalSerializer).AssemblyQualifiedName}}"
            serialization-bindings {
              "{{typeof(IMessage).AssemblyQualifiedName}}" = akkalb-wire
              "{{typeof(IJournalEvent).AssemblyQualifiedName}}" = akkalb-journal
              "{{typeof(EventBlock).AssemblyQualifiedName}}" = akkalb-journal
              "{{typeof(AgentSnapshot).AssemblyQualifiedName}}" = akkalb-journal
            }
          }
          persistence {
            journal.plugin = "akka.persistence.journal.inmem"
            snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
          }
        }
        """);
}
