using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Persistence.Journal;

/// <summary>The adapters of a journal, from <c>event-adapters</c> and <c>event-adapter-bindings</c> of its section.</summary>
public class EventAdapters
{
    private readonly ConcurrentDictionary<Type, IEventAdapter> _known;
    private readonly KeyValuePair<Type, IEventAdapter>[] _bindings;

    /// <summary>Adapters by type of event; the first binding that fits counts.</summary>
    protected EventAdapters(ConcurrentDictionary<Type, IEventAdapter> map, IEnumerable<KeyValuePair<Type, IEventAdapter>> bindings, ILoggingAdapter? log)
    {
        _known = map;
        _bindings = bindings.ToArray();
        log?.Debug("{0} event adapter bindings", _bindings.Length);
    }

    /// <summary>Reads the section of a journal.</summary>
    /// <exception cref="ConfigurationException">A name or a type is not known, or a type is no adapter.</exception>
    public static EventAdapters Create(ExtendedActorSystem system, Config config)
    {
        Dictionary<string, IEventAdapter> adapters = [];
        foreach ((string name, HoconValue value) in Entries(config, "event-adapters")) { adapters[name] = Make(system, value.GetString()!); }
        List<KeyValuePair<Type, IEventAdapter>> bindings = [];
        foreach ((string typeName, HoconValue value) in Entries(config, "event-adapter-bindings"))
        {
            IEventAdapter[] bound = Names(value).Select(name => adapters.GetValueOrDefault(name)
                ?? throw new ConfigurationException($"event-adapter-bindings.\"{typeName}\" = {name}, expected a name of event-adapters")).ToArray();
            bindings.Add(new(TypeResolver.Require(typeName), bound.Length == 1 ? bound[0] : new CombinedReadEventAdapter(bound)));
        }
        return new EventAdapters([], ClosestFirst(bindings), system.Log);
    }

    /// <summary>The adapter of a type of event.</summary>
    public IEventAdapter Get<T>() => Get(typeof(T));

    /// <summary>The adapter of a type of event: that of the binding closest to it.</summary>
    public IEventAdapter Get(Type type) => _bindings.Length == 0
        ? IdentityEventAdapter.Instance
        : _known.GetOrAdd(type, static (type, bindings) =>
            bindings.FirstOrDefault(binding => binding.Key.IsAssignableFrom(type)).Value ?? IdentityEventAdapter.Instance, _bindings);

    private static IEventAdapter Make(ExtendedActorSystem system, string typeName)
    {
        Type type = TypeResolver.Require(typeName);
        object made = type.GetConstructor([typeof(ExtendedActorSystem)]) is not null
            ? TypeResolver.Create<object>(typeName, system)
            : TypeResolver.Create<object>(typeName);
        return made switch
        {
            IEventAdapter both => both,
            IWriteEventAdapter write => new OneWayEventAdapter(write, null),
            IReadEventAdapter read => new OneWayEventAdapter(null, read),
            _ => throw new ConfigurationException($"event-adapters: '{typeName}' is no event adapter"),
        };
    }

    private static IEnumerable<string> Names(HoconValue value) => value.IsArray() ? value.GetStringList() : [value.GetString()!];

    private static IEnumerable<KeyValuePair<string, HoconValue>> Entries(Config config, string path) => config.GetConfig(path)?.AsEnumerable() ?? [];

    private static List<KeyValuePair<Type, IEventAdapter>> ClosestFirst(List<KeyValuePair<Type, IEventAdapter>> bindings)
    {
        List<KeyValuePair<Type, IEventAdapter>> sorted = [];
        foreach (KeyValuePair<Type, IEventAdapter> binding in bindings)
        {
            int place = sorted.FindIndex(other => other.Key.IsAssignableFrom(binding.Key));
            sorted.Insert(place < 0 ? sorted.Count : place, binding);
        }
        return sorted;
    }
}
