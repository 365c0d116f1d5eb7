using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;

namespace AkkaLb.Engine;

/// <summary>A journal or snapshot store with its section of the configuration.</summary>
internal sealed class PluginHolder(Config config, EventAdapters adapters)
{
    internal Config Config => config;

    internal EventAdapters Adapters => adapters;

    internal IActorRef Ref { get; set; } = ActorRefs.Nobody;

    internal TimeSpan RecoveryEventTimeout { get; } = config.GetTimeSpan("recovery-event-timeout", TimeSpan.FromSeconds(30));
}

/// <summary>Makes a plugin, which finds its section while it is constructed.</summary>
internal sealed class PluginProducer(Type type, object[] arguments, PluginHolder holder) : IIndirectActorProducer
{
    [ThreadStatic]
    private static PluginHolder? _current;

    /// <summary>The section of the plugin that is being constructed on this thread.</summary>
    internal static PluginHolder Current => _current ?? throw new InvalidOperationException("a journal or snapshot store is made by the persistence extension only");

    public Type ActorType => type;

    public ActorBase Produce()
    {
        _current = holder;
        try
        {
            return (ActorBase)Activator.CreateInstance(type, System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic
                | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        }
        finally
        {
            _current = null;
        }
    }

    public void Release(ActorBase actor) => (actor as IDisposable)?.Dispose();
}
