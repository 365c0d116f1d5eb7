using System.Diagnostics.CodeAnalysis;

namespace Akka.Configuration;

/// <summary>Helpers that accept a missing <see cref="Config"/>.</summary>
public static class ConfigExtensions
{
    /// <summary>Whether there is nothing in <paramref name="config"/>.</summary>
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;

    /// <summary><see cref="Config.WithFallback"/> where either side may be null.</summary>
    public static Config SafeWithFallback(this Config? config, Config? fallback) =>
        config is null ? fallback ?? Config.Empty : ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);
}
