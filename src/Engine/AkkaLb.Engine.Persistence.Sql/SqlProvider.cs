using Akka.Configuration;

namespace AkkaLb.Engine;

/// <summary>The databases that we know, by the names of Akka.Persistence.Sql.</summary>
internal static class SqlProvider
{
    /// <summary>Reads the section of a plugin; <paramref name="path"/> is named in errors.</summary>
    /// <exception cref="ConfigurationException">A key is missing or has another value than allowed.</exception>
    internal static T Choose<T>(Config config, string path, Func<SqliteSettings, T> sqlite, Func<PostgresSettings, T> postgres) => config.GetString("provider-name") switch
    {
        "SQLite.MS" => sqlite(SqliteSettings.Read(config, path)),
        "PostgreSQL" or "PostgreSQL.15" => postgres(PostgresSettings.Read(config, path)),
        string other => throw new ConfigurationException($"{path}.provider-name = '{other}', expected SQLite.MS or PostgreSQL.15"),
        null => throw new ConfigurationException($"{path}.provider-name is missing, expected SQLite.MS or PostgreSQL.15"),
    };
}
