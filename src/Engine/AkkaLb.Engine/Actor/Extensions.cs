namespace Akka.Actor;

/// <summary>Marks what an actor system carries one instance of.</summary>
public interface IExtension;

/// <summary>Identifies and makes an extension.</summary>
public interface IExtensionId
{
    /// <summary>The type of the extension.</summary>
    Type ExtensionType { get; }

    /// <summary>The system's instance, made at the first call.</summary>
    object Apply(ActorSystem system);

    /// <summary>The system's instance.</summary>
    object Get(ActorSystem system);

    /// <summary>Makes the instance.</summary>
    object CreateExtension(ExtendedActorSystem system);
}

/// <summary>Identifies and makes an extension of a type.</summary>
public interface IExtensionId<out T> : IExtensionId where T : IExtension
{
    /// <summary>The system's instance, made at the first call.</summary>
    new T Apply(ActorSystem system);

    /// <summary>The system's instance.</summary>
    new T Get(ActorSystem system);

    /// <summary>Makes the instance.</summary>
    new T CreateExtension(ExtendedActorSystem system);
}

/// <summary>The base of extension identifiers.</summary>
public abstract class ExtensionIdProvider<T> : IExtensionId<T> where T : IExtension
{
    /// <inheritdoc />
    public Type ExtensionType => typeof(T);

    /// <inheritdoc />
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <inheritdoc />
    public T Get(ActorSystem system) => (T)system.GetExtension(this);

    /// <inheritdoc />
    public abstract T CreateExtension(ExtendedActorSystem system);

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.Get(ActorSystem system) => Get(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is not null && obj.GetType() == GetType();

    /// <inheritdoc />
    public override int GetHashCode() => GetType().GetHashCode();
}

/// <summary>Gets extensions by their types.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>The instance of an extension that was registered.</summary>
    public static T WithExtension<T>(this ActorSystem system) where T : class, IExtension => system.GetExtension<T>();

    /// <summary>The instance of an extension, registered by its identifier when it was not.</summary>
    public static T WithExtension<T>(this ActorSystem system, Type extensionId) where T : class, IExtension =>
        system.TryGetExtension(out T? known)
            ? known
            : (T)system.RegisterExtension((IExtensionId)Activator.CreateInstance(extensionId)!);

    /// <summary>The instance of an extension, registered by its identifier when it was not.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system) where T : class, IExtension where TI : IExtensionId =>
        system.WithExtension<T>(typeof(TI));
}
