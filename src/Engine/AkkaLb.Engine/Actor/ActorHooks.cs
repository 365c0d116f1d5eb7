using System.Collections.Concurrent;
using System.Reflection;
using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>What the engine asks of an actor type once.</summary>
internal static class ActorHooks
{
    private static readonly ConcurrentDictionary<Type, bool> WrapsReceive = new();

    internal static NotSupportedException NoContext() => new(
        "There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    /// <summary>True when the type stands around its messages, so that behaviours must be passed as delegates.</summary>
    internal static bool OverridesAroundReceive(Type type) => WrapsReceive.GetOrAdd(type, static t =>
        t.GetMethod(nameof(ActorBase.AroundReceive), BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public,
            [typeof(Receive), typeof(object)])?.DeclaringType != typeof(ActorBase));
}
