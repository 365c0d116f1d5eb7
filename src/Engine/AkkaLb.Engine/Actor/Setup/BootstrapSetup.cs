using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The configuration that an actor system is started with.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config, Option<Config> fallback)
    {
        Config = config;
        Fallback = fallback;
    }

    /// <summary>The whole configuration.</summary>
    public Option<Config> Config { get; }

    internal Option<Config> Fallback { get; }

    /// <summary>A setup without a configuration.</summary>
    public static BootstrapSetup Create() => new(Option<Config>.None, Option<Config>.None);

    /// <summary>The same with a configuration.</summary>
    public BootstrapSetup WithConfig(Config config) => new(config, Fallback);

    /// <summary>The same with a configuration for what the other lacks.</summary>
    public BootstrapSetup WithConfigFallback(Config config) => new(Config, config);
}
