using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using AkkaLb.Engine;

namespace Akka.Serialization;

/// <summary>Where references to actors are to be valid while something is serialised.</summary>
public class Information(Address address, ActorSystem system)
{
    /// <summary>The address of this system as the other side sees it.</summary>
    public Address Address => address;

    /// <summary>This system.</summary>
    public ActorSystem System => system;
}

/// <summary>The serialisers of a system and what they are for, from <c>akka.actor.serializers</c> and <c>serialization-bindings</c>.</summary>
public class Serialization
{
    [ThreadStatic]
    private static Information? _transport;

    private readonly ConcurrentDictionary<int, Serializer> _byId = new();
    private readonly ConcurrentDictionary<string, Serializer> _byName = new();
    private readonly ConcurrentDictionary<Type, Serializer> _bindings = new();
    private readonly ConcurrentDictionary<Type, Serializer> _found = new();
    private readonly NullSerializer _null;

    /// <summary>Reads the configuration of a system.</summary>
    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        _null = new NullSerializer(system);
        AddSerializer(_null);
        Config config = system.Settings.Config;
        foreach ((string name, HoconValue value) in Entries(config, "akka.actor.serializers"))
        {
            Serializer serializer = Create(value.GetString()!, config.GetConfig("akka.actor.serialization-settings." + name));
            _byName[name] = serializer;
            AddSerializer(serializer);
        }
        foreach ((string name, HoconValue value) in Entries(config, "akka.actor.serialization-bindings"))
        {
            Type type = TypeResolver.Require(name);
            string serializer = value.GetString()!;
            _bindings[type] = _byName.GetValueOrDefault(serializer)
                ?? throw new ConfigurationException($"akka.actor.serialization-bindings.\"{name}\" = {serializer}, expected a name of akka.actor.serializers");
        }
    }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Makes a serialiser known by its number.</summary>
    public void AddSerializer(Serializer serializer) => _byId[serializer.Identifier] = serializer;

    /// <summary>Binds a type, and what is below it, to a serialiser.</summary>
    public void AddSerializationMap(Type type, Serializer serializer)
    {
        _bindings[type] = serializer;
        _found.Clear();
    }

    /// <summary>The bytes of an object.</summary>
    public byte[] Serialize(object o) => WithTransport(System, () => FindSerializerFor(o).ToBinary(o));

    /// <summary>The object of some bytes, by the number of their serialiser.</summary>
    public object Deserialize(byte[] bytes, int serializerId, Type type) => WithTransport(System, () => ById(serializerId).FromBinary(bytes, type));

    /// <summary>The object of some bytes, by the number of their serialiser.</summary>
    public object Deserialize(byte[] bytes, int serializerId, string manifest) => WithTransport(System, () => ById(serializerId) switch
    {
        SerializerWithStringManifest withManifest => withManifest.FromBinary(bytes, manifest),
        Serializer other when string.IsNullOrEmpty(manifest) => other.FromBinary(bytes, null!),
        Serializer other => other.FromBinary(bytes, TypeResolver.Find(manifest) ?? throw new SerializationException(
            $"Cannot find manifest class [{manifest}] for serializer with id [{serializerId}].")),
    });

    /// <summary>The serialiser of an object.</summary>
    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null) =>
        obj is null ? _null : FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <summary>The serialiser of a type: that of the binding closest to it.</summary>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_found.TryGetValue(objectType, out Serializer? known)) { return known; }
        Type? closest = null;
        foreach (Type bound in _bindings.Keys)
        {
            if (bound.IsAssignableFrom(objectType) && (closest is null || IsCloser(bound, closest))) { closest = bound; }
        }
        Serializer? serializer = closest is not null ? _bindings[closest] : null;
        if (serializer is null && defaultSerializerName is not null) { serializer = _byName.GetValueOrDefault(defaultSerializerName); }
        if (serializer is null) { throw new SerializationException($"Serializer not found for type {objectType.FullName}"); }
        _found[objectType] = serializer;
        return serializer;
    }

    /// <summary>The text that goes with the bytes of an object.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest withManifest => withManifest.Manifest(msg),
        { IncludeManifest: true } => TypeNames.Manifest(msg.GetType()),
        _ => "",
    };

    /// <summary>The path by which the other side of the present transport finds an actor.</summary>
    public static string SerializedActorPath(IActorRef actorRef)
    {
        if (actorRef.Equals(ActorRefs.NoSender)) { return ""; }
        Address? address = _transport?.Address;
        return address is null ? actorRef.Path.ToSerializationFormat() : actorRef.Path.ToSerializationFormatWithAddress(address);
    }

    /// <summary>The reference at a path.</summary>
    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    /// <summary>Calls code while references to actors carry an address.</summary>
    public static T WithTransport<T>(ActorSystem system, Address address, Func<T> action) => Within(new Information(address, system), action);

    /// <summary>Calls code while references to actors carry the system's own address.</summary>
    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) =>
        _transport is not null ? action() : Within(new Information(system.Provider.DefaultAddress, system), action);

    /// <summary>The transport for which something is serialised on this thread.</summary>
    public static Information GetCurrentTransportInformation() =>
        _transport ?? throw new InvalidOperationException("CurrentTransportInformation is not set. Use Serialization.WithTransport<T>.");

    private static T Within<T>(Information information, Func<T> action)
    {
        Information? before = _transport;
        _transport = information;
        try
        {
            return action();
        }
        finally
        {
            _transport = before;
        }
    }

    // A derived type is closer than its base, a class closer than an interface.
    private static bool IsCloser(Type candidate, Type than) =>
        than.IsAssignableFrom(candidate) || (!candidate.IsAssignableFrom(than) && than.IsInterface && !candidate.IsInterface);

    private static IEnumerable<KeyValuePair<string, HoconValue>> Entries(Config config, string path) => config.GetConfig(path)?.AsEnumerable() ?? [];

    private Serializer Create(string typeName, Config? settings)
    {
        Type type = TypeResolver.Require(typeName);
        return type.GetConstructor([typeof(ExtendedActorSystem), typeof(Config)]) is not null
            ? TypeResolver.Create<Serializer>(typeName, System, settings ?? Config.Empty)
            : TypeResolver.Create<Serializer>(typeName, System);
    }

    private Serializer ById(int id) => _byId.TryGetValue(id, out Serializer? serializer)
        ? serializer
        : throw new SerializationException($"Cannot find serializer with id [{id}]. The most probable reason is that the configuration entry 'akka.actor.serializers' is not in sync between the two systems.");
}
