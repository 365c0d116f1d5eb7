using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;

namespace Engine.Tests.Persistence;

public sealed class EventAdapterTests() : EngineTest(ConfigurationFactory.ParseString("""
    akka.persistence.journal.inmem {
      event-adapters {
        doubles = "Engine.Tests.Persistence.EventAdapterTests+Doubling, Engine.Tests"
        tags = "Engine.Tests.Persistence.EventAdapterTests+Tagging, Engine.Tests"
      }
      event-adapter-bindings {
        "System.Int32" = tags
        "System.String" = doubles
      }
    }
    """))
{
    public sealed class Tagging : IWriteEventAdapter
    {
        public string Manifest(object evt) => "";

        public object ToJournal(object evt) => new Tagged((int)evt * 10, ["all"]);
    }

    public sealed class Doubling : IEventAdapter
    {
        public string Manifest(object evt) => "";

        public object ToJournal(object evt) => evt;

        public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Create(evt, evt);
    }

    [Fact]
    public void WriteAdapter_StoresWhatItMakesAndHandlersGetTheEventItself()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Counter("a", TestActor, null)));
        ExpectMsg("recovered  last 0 recovering False");
        actor.Tell(7);
        ExpectMsg(7);
        actor.Tell("fail");
        ExpectMsg("recovered 70 last 1 recovering False");
    }

    [Fact]
    public void Adapters_AreThoseOfTheClosestBinding()
    {
        EventAdapters adapters = Akka.Persistence.Persistence.Instance.Apply(Sys).AdaptersFor("");
        Assert.Equal(new object[] { "x", "x" }, adapters.Get<string>().FromJournal("x", "").Events);
        Assert.Equal(new object[] { 1 }, adapters.Get<int>().FromJournal(1, "").Events);
        Assert.IsType<IdentityEventAdapter>(adapters.Get<double>());
    }
}
