using System.Data.Common;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Journals;

/// <summary>Where the journal of a run is.</summary>
/// <param name="Provider">As Akka.Persistence.Sql names it.</param>
/// <param name="Events">Connection string of the journal.</param>
/// <param name="Snapshots">Connection string of the snapshots.</param>
/// <param name="Prefix">Stands before the name of every agent.</param>
/// <param name="Synchronous">full, normal or off.</param>
/// <param name="SnapshotEvery">Events of an agent from one of its snapshots to the next.</param>
public sealed record JournalLocation(string Provider, string Events, string Snapshots, string Prefix, string Synchronous, int SnapshotEvery)
{
    public const string Sqlite = "SQLite.MS", Postgres = "PostgreSQL.15";

    /// <summary>What names the database to the user: a file and its key, or an option.</summary>
    internal string Key { get; init; } = "'akkalb.journal.connection'";

    /// <summary>What to do when it can be used again, after a comma.</summary>
    internal string Afterwards { get; init; } = Resume;

    internal const string Resume = ", then go on with 'akkalb resume'";

    public const string Folder = "journal", EventsFile = "journal/events.db", SnapshotsFile = "journal/snapshots.db";

    /// <summary>A database of PostgreSQL.</summary>
    /// <param name="prefix">Of one run in it; empty: of all.</param>
    internal static JournalLocation OfDatabase(
        string connection, string prefix = "", string synchronous = "full", int snapshotEvery = 1) =>
        new(Postgres, connection, connection, prefix, synchronous, snapshotEvery);

    /// <summary>The name of a new run in a database that runs share is that of its folder, unless it has another.</summary>
    internal static Config Name(Config config, RunFolder folder)
    {
        const string key = "akkalb.journal.run";
        return config.GetString("akkalb.journal.connection", "").Length == 0 || config.GetString(key, "").Length > 0
            ? config
            : Config.Parse($"{key} = {JsonSerializer.Serialize(Path.GetFileName(folder.FullPath))}").WithFallback(config);
    }

    /// <summary>Reads where a run's journal is; null when it has none.</summary>
    /// <exception cref="InvalidInputException">A key is not as expected.</exception>
    public static JournalLocation? Read(Config config, string source, RunFolder folder)
    {
        SectionReader reader = new(config, source);
        JournalOptions options = JournalOptions.Read(reader);
        reader.ThrowIfInvalid();
        return !options.Enabled ? null
            : options.Connection.Length == 0
            ? new JournalLocation(Sqlite, File(folder[EventsFile]), File(folder[SnapshotsFile]), "", options.Synchronous,
                options.SnapshotEvery)
            : OfDatabase(
                options.Connection, (options.Run.Length > 0 ? options.Run : Path.GetFileName(folder.FullPath)) + "/", options.Synchronous,
                options.SnapshotEvery);
    }

    /// <summary>The journal of a run folder, a SQLite file of one, or a database.</summary>
    /// <param name="source">A run folder, a file, or a connection string of Npgsql.</param>
    /// <exception cref="InvalidInputException">It is none of these, or the run has no journal.</exception>
    public static JournalLocation Of(string source)
    {
        if (System.IO.File.Exists(source))
        {
            string snapshots = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(source))!, Path.GetFileName(SnapshotsFile));
            return new JournalLocation(Sqlite, File(Path.GetFullPath(source)), System.IO.File.Exists(snapshots) ? File(snapshots) : "", "",
                "full", 1);
        }
        if (source.Contains("Host=", StringComparison.OrdinalIgnoreCase))
        {
            return OfDatabase(source);
        }
        if (!Directory.Exists(source))
        {
            throw new InvalidInputException(
                $"{source}: expected a run folder, a journal file (events.db), or a connection string with Host=…");
        }
        RunFolder folder = RunFolder.Open(source);
        string configuration = folder[RunFolder.ConfigurationFile];
        if (RunFolder.IsTestbed(ConfigurationLoader.Parse(ConfigurationLoader.ReadText(configuration), configuration)))
        {
            throw new InvalidInputException($"{source}: expected a run with a journal: this is a testbed, and a testbed has none");
        }
        JournalLocation? location = Read(ConfigurationLoader.Load(configuration, []), configuration, folder);
        return location is null || (location.Provider == Sqlite && !System.IO.File.Exists(folder[EventsFile]))
            ? throw new InvalidInputException($"{source}: expected a run with a journal ('akkalb.journal.enabled'), found none")
            : location;
    }

    /// <summary>The run folder that a source of <see cref="Of"/> is, or is the journal of; null for any other.</summary>
    public static RunFolder? RunOf(string source)
    {
        string path = System.IO.File.Exists(source) ? Path.GetFullPath(Path.Combine(source, "..", "..")) : source;
        RunFolder folder = RunFolder.At(path);
        return System.IO.File.Exists(folder[RunFolder.ConfigurationFile])
            && (path == source || Path.GetFullPath(source) == folder[EventsFile]) ? folder : null;
    }

    private static string File(string path) =>
        new DbConnectionStringBuilder { ["Data Source"] = path, ["Default Timeout"] = JournalDatabase.Patience }.ConnectionString;
}
