using System.Data.Common;
using Akka.Configuration;

namespace AkkaLb.Engine;

/// <param name="File">The database file.</param>
/// <param name="LockTimeout">How long a lock of another process is waited for.</param>
/// <param name="Synchronous">full, normal or off.</param>
/// <param name="Initialise">Makes tables that are missing.</param>
internal sealed record SqliteSettings(string File, TimeSpan LockTimeout, string Synchronous, bool Initialise)
{
    /// <summary>Reads the section of a plugin; <paramref name="path"/> is named in errors.</summary>
    /// <exception cref="ConfigurationException">A key is missing or has another value than allowed.</exception>
    internal static SqliteSettings Read(Config config, string path)
    {
        DbConnectionStringBuilder parts = new();
        try
        {
            parts.ConnectionString = config.GetString("connection-string") ?? "";
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException($"{path}.connection-string: {e.Message}", e);
        }
        string file = Part(parts, "Data Source") ?? Part(parts, "DataSource") ?? Part(parts, "Filename") ?? "";
        if (file.Length == 0 || file == ":memory:")
        {
            throw new ConfigurationException($"{path}.connection-string names no file, expected 'Data Source=FILE'");
        }
        string timeout = Part(parts, "Default Timeout") ?? Part(parts, "Command Timeout") ?? "5";
        if (!int.TryParse(timeout, out int seconds) || seconds < 0)
        {
            throw new ConfigurationException($"{path}.connection-string: Default Timeout = '{timeout}', expected seconds");
        }
        string synchronous = config.GetString("synchronous") ?? "full";
        if (synchronous is not ("full" or "normal" or "off")) { throw new ConfigurationException($"{path}.synchronous = '{synchronous}', expected full, normal or off"); }
        return new SqliteSettings(file, TimeSpan.FromSeconds(seconds), synchronous, config.GetBoolean("auto-initialize", true));
    }

    private static string? Part(DbConnectionStringBuilder parts, string key) => parts.TryGetValue(key, out object? value) ? value.ToString() : null;
}
