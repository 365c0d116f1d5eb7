using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Engine.Tests.Serialization;

public class SerializationTests() : EngineTest(ConfigurationFactory.ParseString("""
    akka.actor {
      serializers {
        shapes = "Engine.Tests.Serialization.ShapeSerializer, Engine.Tests"
        plain = "Engine.Tests.Serialization.PlainSerializer, Engine.Tests"
      }
      serialization-bindings {
        "Engine.Tests.Serialization.IShape, Engine.Tests" = shapes
        "Engine.Tests.Serialization.Blob, Engine.Tests" = plain
      }
      serialization-identifiers {
        "Engine.Tests.Serialization.PlainSerializer, Engine.Tests" = 9002
      }
    }
    """))
{
    private Akka.Serialization.Serialization Serialization => Sys.Serialization;

    [Fact]
    public void Binding_OfAnInterface_HoldsForItsImplementations()
    {
        Serialization.FindSerializerFor(new Circle(1)).ShouldBeOfType<ShapeSerializer>();
        Serialization.FindSerializerForType(typeof(IShape)).ShouldBeOfType<ShapeSerializer>();
    }

    [Fact]
    public void Binding_OfTheClosestType_Counts() => Serialization.FindSerializerFor(new Blob(1)).ShouldBeOfType<PlainSerializer>();

    [Fact]
    public void RoundTrip_ByIdentifierAndManifest_GivesAnEqualObject()
    {
        foreach (IShape shape in (IShape[])[new Circle(2), new Square(3)])
        {
            Serializer serializer = Serialization.FindSerializerFor(shape);
            string manifest = Akka.Serialization.Serialization.ManifestFor(serializer, shape);

            Serialization.Deserialize(serializer.ToBinary(shape), 9001, manifest).ShouldBe(shape);
        }
        Akka.Serialization.Serialization.ManifestFor(Serialization.FindSerializerFor(new Circle(2)), new Circle(2)).ShouldBe("C");
    }

    [Fact]
    public void Identifier_ComesFromTheConfiguration()
    {
        Serializer serializer = Serialization.FindSerializerFor(new Blob(7));

        serializer.Identifier.ShouldBe(9002);
        Serialization.Deserialize(serializer.ToBinary(new Blob(7)), 9002, typeof(Blob)).ShouldBe(new Blob(7));
    }

    [Fact]
    public void Bytes_AreTheirOwnSerialisation()
    {
        byte[] bytes = [1, 2, 3];
        Serializer serializer = Serialization.FindSerializerFor(bytes);

        serializer.ShouldBeOfType<ByteArraySerializer>();
        serializer.Identifier.ShouldBe(4);
        serializer.ToBinary(bytes).ShouldBeSameAs(bytes);
    }

    [Fact]
    public void Deserialize_UnknownIdentifier_Throws() =>
        Should.Throw<SerializationException>(() => Serialization.Deserialize([], 123456, "C")).Message.ShouldContain("123456");

    [Fact]
    public void AddSerializationMap_BindsLater()
    {
        PlainSerializer plain = new((ExtendedActorSystem)Sys);

        Serialization.AddSerializationMap(typeof(Circle), plain);

        Serialization.FindSerializerFor(new Circle(1)).ShouldBeSameAs(plain);
        Serialization.FindSerializerFor(new Square(1)).ShouldBeOfType<ShapeSerializer>();
    }

    [Fact]
    public void ActorRef_TravelsAsItsPath()
    {
        string path = Akka.Serialization.Serialization.SerializedActorPath(TestActor);

        IActorRef resolved = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(path);

        resolved.ShouldBe(TestActor);
        resolved.Tell("found");
        ExpectMsg("found");
    }

    [Fact]
    public void ActorRef_WithinATransport_CarriesItsAddress()
    {
        Address address = new("akka.tcp", "elsewhere", "host", 2552);

        Akka.Serialization.Serialization.WithTransport(Sys, address, () => Akka.Serialization.Serialization.SerializedActorPath(TestActor))
            .ShouldStartWith("akka.tcp://elsewhere@host:2552/system/");
    }
}

public interface IShape;

public record Circle(int Radius) : IShape;

public record Square(int Side) : IShape;

public record Blob(byte Value) : IShape;

public sealed class ShapeSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 9001;

    public override string Manifest(object o) => o is Circle ? "C" : "S";

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(obj switch
    {
        Circle circle => $"{circle.Radius}",
        Square square => $"{square.Side}",
        _ => throw new ArgumentException($"{obj} is no shape"),
    });

    public override object FromBinary(byte[] bytes, string manifest)
    {
        int size = int.Parse(Encoding.UTF8.GetString(bytes));
        return manifest == "C" ? new Circle(size) : new Square(size);
    }
}

public sealed class PlainSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => [((Blob)obj).Value];

    public override object FromBinary(byte[] bytes, Type type) => new Blob(bytes[0]);
}
