using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace AkkaLb.Runtime.Hosting;

/// <summary>
/// Stands where Akka.NET would write any type as JSON with type names: a message or event without a serializer of its own is refused, so
/// that it is noticed before its bytes are in a journal.
/// </summary>
internal sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>For where it stands in the place of a serializer that Akka.NET has settings for.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Akka.Configuration.Config settings)
        : this(system)
    {
    }

    public override int Identifier => 4700;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw Refused(obj.GetType().ToString());

    public override object FromBinary(byte[] bytes, Type type) => throw Refused(type?.ToString() ?? "an unknown type");

    private static SerializationException Refused(string type) => new($"no serializer is bound to {type}");
}
