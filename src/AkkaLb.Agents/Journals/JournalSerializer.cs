using Akka.Actor;
using Akka.Serialization;

namespace AkkaLb.Agents.Journals;

/// <summary>Serializes events and snapshots of journals (<see cref="JournalFormat"/>).</summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stored with every event.</summary>
    public const int Id = 4701;

    /// <summary>What it is bound to.</summary>
    public static IReadOnlyList<Type> Bound { get; } = [typeof(IJournalEvent), typeof(EventBlock), typeof(AgentSnapshot)];

    /// <inheritdoc />
    public override int Identifier => Id;

    /// <inheritdoc />
    public override string Manifest(object o) => JournalFormat.ManifestOf(o);

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => JournalFormat.Write(obj);

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest) => JournalFormat.Read(bytes, manifest);

    /// <summary>The types of events that a system would not store in our format; none when it is configured well.</summary>
    public static IReadOnlyList<Type> Unserialised(ActorSystem system) =>
    [
        .. typeof(IJournalEvent).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IJournalEvent)))
            .Concat(Bound.Where(type => !type.IsInterface))
            .Where(type => !JournalFormat.Types.Contains(type) || !HasSerializer(system, type)),
    ];

    private static bool HasSerializer(ActorSystem system, Type type)
    {
        try
        {
            return system.Serialization.FindSerializerForType(type) is JournalSerializer;
        }
        catch (System.Runtime.Serialization.SerializationException)
        {
            return false;
        }
    }
}
