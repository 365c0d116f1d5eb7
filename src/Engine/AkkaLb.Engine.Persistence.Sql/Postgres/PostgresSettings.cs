using Akka.Configuration;
using Npgsql;

namespace AkkaLb.Engine;

/// <param name="ConnectionString">As Npgsql reads it.</param>
/// <param name="Name">Server and database, for errors.</param>
/// <param name="Initialise">Makes tables that are missing.</param>
internal sealed record PostgresSettings(string ConnectionString, string Name, bool Initialise)
{
    /// <summary>Reads the section of a plugin; <paramref name="path"/> is named in errors.</summary>
    /// <exception cref="ConfigurationException">A key is missing or has another value than allowed.</exception>
    internal static PostgresSettings Read(Config config, string path)
    {
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new NpgsqlConnectionStringBuilder(config.GetString("connection-string") ?? "");
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new ConfigurationException($"{path}.connection-string: {e.Message}", e);
        }
        if (string.IsNullOrEmpty(parts.Host)) { throw new ConfigurationException($"{path}.connection-string names no server, expected 'Host=…;Database=…;Username=…'"); }
        if (parts.MaxAutoPrepare == 0) { parts.MaxAutoPrepare = 32; }
        string commit = config.GetString("synchronous") switch
        {
            "full" or null => "on",
            "normal" => "local",
            "off" => "off",
            string other => throw new ConfigurationException($"{path}.synchronous = '{other}', expected full, normal or off"),
        };
        parts.Options = $"{parts.Options} -c synchronous_commit={commit}".Trim();
        parts.NoResetOnClose = true;
        return new PostgresSettings(parts.ConnectionString, $"PostgreSQL at {parts.Host}, database {parts.Database ?? parts.Username}", config.GetBoolean("auto-initialize", true));
    }
}
