using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>Identifies the persistence of a system.</summary>
public sealed class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    /// <summary>The identifier.</summary>
    public static Persistence Instance { get; } = new();

    /// <inheritdoc />
    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);

    /// <summary>The reference configuration.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<Persistence>("Akka.Persistence.persistence.conf");
}
