using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Engine.Tests.Serialization;

public sealed class SerializeMessagesTests : ActorTest
{
    private interface IThing;

    private sealed record Thing(string Text) : IThing;

    private sealed record Stranger;

    public sealed class ThingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override string Manifest(object o) => "T";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Thing)obj).Text);

        public override object FromBinary(byte[] bytes, string manifest) => manifest switch
        {
            "T" => new Thing(Encoding.UTF8.GetString(bytes)),
            _ => throw new SerializationException($"unknown manifest {manifest}"),
        };
    }

    private static string Name(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    private static readonly Config Bindings = $$"""
        akka.actor {
          serializers { thing = "{{Name(typeof(ThingSerializer))}}" }
          serialization-bindings { "{{Name(typeof(IThing))}}" = thing }
          serialization-identifiers { "{{Name(typeof(ThingSerializer))}}" = 1001 }
        }
        """;

    [Fact]
    public void UnknownSerializerType_Throws()
    {
        ActorSystem system = ActorSystem.Create("bad", "akka { stdout-loglevel = OFF, loglevel = OFF, actor.serializers.x = \"No.Such.Type\" }");
        try
        {
            Should.Throw<ConfigurationException>(() => system.Serialization).Message.ShouldContain("No.Such.Type");
        }
        finally
        {
            Shutdown(system);
        }
    }

    [Fact]
    public void SerializeMessages_FromConfiguration_SendsThroughTheSerializer()
    {
        ActorSystem system = ActorSystem.Create("through", ConfigurationFactory.ParseString("akka { stdout-loglevel = OFF, loglevel = OFF, actor.serialize-messages = on }").WithFallback(Bindings));
        try
        {
            IActorRef echo = system.ActorOf(Props.Create(() => new Echo(TestActor)));
            Thing sent = new("x");
            echo.Tell(sent);
            Thing got = ExpectMsg<Thing>();
            got.ShouldBe(sent);
            got.ShouldNotBeSameAs(sent);
            Should.Throw<SerializationException>(() => echo.Tell(new Stranger()));
        }
        finally
        {
            Shutdown(system);
        }
    }

    private sealed class Echo : UntypedActor
    {
        private readonly IActorRef _target;

        public Echo(IActorRef target) => _target = target;

        protected override void OnReceive(object message) => _target.Tell(message);
    }
}
