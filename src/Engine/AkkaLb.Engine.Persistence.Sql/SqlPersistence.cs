using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>The reference configuration of the SQL plugins.</summary>
public static class SqlPersistence
{
    /// <summary>The path of the journal's section.</summary>
    public const string JournalConfigPath = "akka.persistence.journal.sql";

    /// <summary>The path of the snapshot store's section.</summary>
    public const string SnapshotStoreConfigPath = "akka.persistence.snapshot-store.sql";

    /// <summary>Both sections.</summary>
    public static readonly Config DefaultConfiguration = ConfigurationFactory.FromResource("Akka.Persistence.Sql.sql.conf", typeof(SqlPersistence).Assembly);

    /// <summary>The journal's section.</summary>
    public static readonly Config DefaultJournalConfiguration = DefaultConfiguration.GetConfig(JournalConfigPath)!;

    /// <summary>The snapshot store's section.</summary>
    public static readonly Config DefaultSnapshotConfiguration = DefaultConfiguration.GetConfig(SnapshotStoreConfigPath)!;
}
