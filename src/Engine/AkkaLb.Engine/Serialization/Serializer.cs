using System.Text;
using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Serialization;

/// <summary>Turns objects into bytes and back.</summary>
public abstract class Serializer(ExtendedActorSystem system)
{
    /// <summary>The system.</summary>
    protected readonly ExtendedActorSystem system = system;

    private int? _identifier;

    /// <summary>The number that stands for this serialiser on the wire; by default from <c>akka.actor.serialization-identifiers</c>.</summary>
    public virtual int Identifier => _identifier ??= SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>True when <see cref="FromBinary(byte[], Type)"/> needs the type.</summary>
    public abstract bool IncludeManifest { get; }

    /// <summary>The bytes of an object.</summary>
    public abstract byte[] ToBinary(object obj);

    /// <summary>The bytes of an object; references to actors carry <paramref name="address"/>.</summary>
    public byte[] ToBinaryWithAddress(Address address, object obj) => Serialization.WithTransport((ActorSystem)system, address, () => ToBinary(obj));

    /// <summary>The object of some bytes.</summary>
    public abstract object FromBinary(byte[] bytes, Type type);

    /// <summary>The object of some bytes.</summary>
    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}

/// <summary>A serialiser whose bytes go with a short text that tells what they are.</summary>
public abstract class SerializerWithStringManifest(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc />
    public sealed override bool IncludeManifest => true;

    /// <inheritdoc />
    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, TypeNames.Manifest(type));

    /// <summary>The object of some bytes.</summary>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <summary>The text that goes with the bytes of an object.</summary>
    public abstract string Manifest(object o);
}

/// <summary>Bytes as they are.</summary>
public class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc />
    public override bool IncludeManifest => false;

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => obj switch
    {
        null => null!,
        byte[] bytes => bytes,
        _ => throw new NotSupportedException("The object to convert is not a byte array."),
    };

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, Type type) => bytes;
}

/// <summary>Null, as no bytes.</summary>
public class NullSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc />
    public override int Identifier => 0;

    /// <inheritdoc />
    public override bool IncludeManifest => false;

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => [];

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, Type type) => null!;
}

/// <summary>Reads the numbers of serialisers.</summary>
public static class SerializerIdentifierHelper
{
    /// <summary>The number that the configuration gives a type of serialiser.</summary>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        Configuration.Config identifiers = system.Settings.Config.GetConfig("akka.actor.serialization-identifiers") ?? Configuration.Config.Empty;
        foreach ((string name, Configuration.Hocon.HoconValue value) in identifiers.AsEnumerable())
        {
            if (TypeResolver.Find(name) == type) { return value.GetInt(); }
        }
        throw new ArgumentException($"Couldn't find serializer id for [{type.FullName}] under [akka.actor.serialization-identifiers] HOCON path");
    }
}
