using System.Collections.Immutable;
using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>A typed part of what an actor system is started with.</summary>
public abstract class Setup
{
    /// <summary>This part and another.</summary>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Empty.And(this).And(other);
}

/// <summary>The parts that an actor system is started with, one of each type.</summary>
public sealed class ActorSystemSetup
{
    /// <summary>No parts.</summary>
    public static readonly ActorSystemSetup Empty = new(ImmutableDictionary<Type, Setup>.Empty);

    private readonly ImmutableDictionary<Type, Setup> _parts;

    private ActorSystemSetup(ImmutableDictionary<Type, Setup> parts) => _parts = parts;

    /// <summary>The given parts.</summary>
    public static ActorSystemSetup Create(params Setup[] setup) => new(setup.ToImmutableDictionary(s => s.GetType()));

    /// <summary>The part of a type.</summary>
    public Option<T> Get<T>() where T : Setup => _parts.TryGetValue(typeof(T), out Setup? part) ? new Option<T>((T)part) : Option<T>.None;

    /// <summary>These parts with one more, or in place of that of its type.</summary>
    public ActorSystemSetup WithSetup<T>(T setup) where T : Setup => new(_parts.SetItem(setup.GetType(), setup));

    /// <summary>These parts with one more, or in place of that of its type.</summary>
    public ActorSystemSetup And<T>(T setup) where T : Setup => WithSetup(setup);
}
