using AkkaLb.Agents.Tests.Serialization;

namespace AkkaLb.Agents.Tests.Journals;

/// <summary>An actor system whose agents have a journal of the test's own.</summary>
public abstract class OwnJournalTest<TJournal>() : Akka.TestKit.Xunit2.TestKit(
    $$"""
    akka {
      loglevel = OFF
      stdout-loglevel = OFF
      loggers = []
      test.single-expect-default = 20s
      persistence.journal.plugin = "own-journal"
      persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    }
    own-journal {
      class = "{{typeof(TJournal).AssemblyQualifiedName}}"
      plugin-dispatcher = "akka.actor.default-dispatcher"
    }
    """ + WireBindings.Hocon + "akka.actor.serialize-messages = off");
