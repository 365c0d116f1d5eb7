using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using AkkaLb.Engine;

namespace Akka.Persistence;

/// <summary>The journals and snapshot stores of a system, each started at its first use.</summary>
public class PersistenceExtension : IExtension
{
    private const string NoSnapshotStoreId = "akka.persistence.no-snapshot-store";

    private readonly ExtendedActorSystem _system;
    private readonly Config _config;
    private readonly ConcurrentDictionary<string, Lazy<PluginHolder>> _plugins = new();
    private readonly Lazy<string> _defaultJournal;
    private readonly string _defaultSnapshotStore;

    /// <summary>Reads the configuration of a system.</summary>
    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(Persistence.DefaultConfig());
        _config = system.Settings.Config.GetConfig("akka.persistence")!;
        _defaultJournal = new Lazy<string>(() => _config.GetString("journal.plugin") is { Length: > 0 } id
            ? id
            : throw new ConfigurationException("akka.persistence.journal.plugin is empty, expected the path of a journal's section"));
        _defaultSnapshotStore = _config.GetString("snapshot-store.plugin") is { Length: > 0 } id ? id : NoSnapshotStoreId;
        DefaultInternalStashOverflowStrategy = TypeResolver
            .Create<IStashOverflowStrategyConfigurator>(_config.GetString("internal-stash-overflow-strategy")!)
            .Create(system.Settings.Config);
        int permits = _config.GetInt("max-concurrent-recoveries");
        if (permits < 1) { throw new ConfigurationException($"akka.persistence.max-concurrent-recoveries = {permits}, expected at least 1"); }
        RecoveryPermitter = system.SystemActorOf(Props.Create(typeof(RecoveryPermitter), permits), "recoveryPermitter");
        foreach (string journal in _config.GetStringList("journal.auto-start-journals", [])) { JournalFor(journal); }
        foreach (string store in _config.GetStringList("snapshot-store.auto-start-snapshot-stores", [])) { SnapshotStoreFor(store); }
    }

    /// <summary>What becomes of messages that cannot be kept, unless an actor says otherwise.</summary>
    public IStashOverflowStrategy DefaultInternalStashOverflowStrategy { get; }

    internal IActorRef RecoveryPermitter { get; }

    /// <summary>The name under which a persistent actor's events are stored.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <summary>A journal, by the path of its section; empty for the default.</summary>
    /// <exception cref="ConfigurationException">There is no such section, or it names no usable class.</exception>
    public IActorRef JournalFor(string? journalPluginId) => Journal(journalPluginId).Ref;

    /// <summary>A snapshot store, by the path of its section; empty for the default.</summary>
    /// <exception cref="ConfigurationException">There is no such section, or it names no usable class.</exception>
    public IActorRef SnapshotStoreFor(string? snapshotPluginId) => Plugin(
        string.IsNullOrEmpty(snapshotPluginId) ? _defaultSnapshotStore : snapshotPluginId, "akka.persistence.snapshot-store-plugin-fallback").Ref;

    /// <summary>The event adapters of a journal.</summary>
    public EventAdapters AdaptersFor(string? journalPluginId) => Journal(journalPluginId).Adapters;

    internal TimeSpan RecoveryEventTimeout(string? journalPluginId) => Journal(journalPluginId).RecoveryEventTimeout;

    private PluginHolder Journal(string? id) => Plugin(string.IsNullOrEmpty(id) ? _defaultJournal.Value : id, "akka.persistence.journal-plugin-fallback");

    private PluginHolder Plugin(string id, string fallback) =>
        _plugins.GetOrAdd(id, static (id, state) => new Lazy<PluginHolder>(() => state.Self.Start(id, state.Fallback)), (Self: this, Fallback: fallback)).Value;

    private PluginHolder Start(string id, string fallbackPath)
    {
        Config all = _system.Settings.Config;
        Config section = (id.Length > 0 ? all.GetConfig(id) : null)
            ?? throw new ConfigurationException($"'{id}' is missing, expected the section of a plugin");
        Config config = section.WithFallback(all.GetConfig(fallbackPath));
        string className = config.GetString("class") is { Length: > 0 } name ? name
            : throw new ConfigurationException($"{id}.class is empty, expected the type name of a plugin");
        Type type = TypeResolver.Find(className) ?? throw new ConfigurationException($"{id}.class = '{className}': no such type, expected 'Namespace.Type, Assembly'");
        EventAdapters adapters = EventAdapters.Create(_system, config);
        object[] arguments = type.GetConstructor([typeof(Config)]) is not null ? [config] : [];
        PluginHolder holder = new(config, adapters);
        Props props = Props.CreateBy(new PluginProducer(type, arguments, holder)).WithDispatcher(config.GetString("plugin-dispatcher")!);
        holder.Ref = _system.SystemActorOf(props, id);
        return holder;
    }
}
