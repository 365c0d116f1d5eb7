using Akka.Actor;
using Akka.Serialization;

namespace AkkaLb.Agents.Serialization;

/// <summary>Serializes messages between nodes (<see cref="WireFormat"/>).</summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 4702;

    /// <inheritdoc />
    public override int Identifier => Id;

    /// <inheritdoc />
    public override string Manifest(object o) => WireFormat.Formats.ManifestOf(o);

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => WireFormat.Formats.Write(obj);

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest) => WireFormat.Formats.Read(bytes, manifest);

    /// <summary>Messages that cannot cross between nodes of a system like this; none when it is configured well.</summary>
    public static IReadOnlyList<Type> Unserialised(ActorSystem system) =>
    [
        .. typeof(IMessage).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IMessage)))
            .Where(type => !WireFormat.Formats.Types.Contains(type)
                || system.Serialization.FindSerializerForType(type) is not WireSerializer),
    ];
}
