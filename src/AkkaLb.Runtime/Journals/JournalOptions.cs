using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Journals;

/// <summary>The section <c>akkalb.journal</c>.</summary>
/// <param name="Enabled">Whether a run is written down.</param>
/// <param name="Connection">Of PostgreSQL; empty for SQLite in the run folder.</param>
/// <param name="Run">Name of the run in a database that runs share; empty for the run folder's.</param>
/// <param name="Synchronous">full, normal or off.</param>
/// <param name="SnapshotEvery">Events of an agent from one of its snapshots to the next, at least 1.</param>
internal sealed record JournalOptions(bool Enabled, string Connection, string Run, string Synchronous, int SnapshotEvery)
{
    private const string Section = "akkalb.journal";

    /// <summary>Reads and checks the section; problems are the reader's.</summary>
    public static JournalOptions Read(SectionReader reader)
    {
        bool sqlite = reader.Choice($"{Section}.provider", ("sqlite", true), ("postgresql", false));
        string connection = reader.Text($"{Section}.connection");
        if (sqlite != (connection.Length == 0))
        {
            reader.Problem($"{Section}.connection", sqlite ? $"nothing, unless '{Section}.provider' is postgresql"
                : $"a connection string {JournalDatabase.Example}");
        }
        return new JournalOptions(
            reader.Switch($"{Section}.enabled"),
            connection,
            reader.Text($"{Section}.run"),
            reader.Choice($"{Section}.synchronous", ("full", "full"), ("normal", "normal"), ("off", "off")),
            reader.Integer($"{Section}.snapshot-every", 1));
    }
}
