using Akka.Actor;
using Akka.Coordination;
using Npgsql;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// A lease that is a row of a table in PostgreSQL (<see cref="RunStore"/> makes it): whoever inserts it, or takes over one that has
/// expired, holds it. One statement, atomic by the primary key. So one half of a split cluster lives on, also where the halves are equal.
/// </summary>
public sealed class PostgresLease : Lease
{
    internal const string ConfigPath = "akkalb.lease";

    private readonly NpgsqlDataSource _source;
    private readonly Lock _gate = new();
    private readonly IScheduler _scheduler;
    private volatile bool _isHeld;
    private ICancelable? _renewal;
    private Action<Exception?>? _lost;

    public PostgresLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _scheduler = system.Scheduler;
        _source = NpgsqlDataSource.Create(settings.LeaseConfig.GetString("connection"));
    }

    public override Task<bool> Acquire() => Acquire(null);

    public override async Task<bool> Acquire(Action<Exception?>? leaseLostCallback)
    {
        lock (_gate)
        {
            _lost = leaseLostCallback ?? _lost;
        }
        _isHeld = await TakeAsync();
        lock (_gate)
        {
            if (_isHeld && _renewal is null)
            {
                TimeSpan every = Settings.TimeoutSettings.HeartbeatInterval;
                _renewal = _scheduler.Advanced.ScheduleRepeatedlyCancelable(every, every, () => _ = RenewAsync());
            }
        }
        return _isHeld;
    }

    public override async Task<bool> Release()
    {
        lock (_gate)
        {
            _renewal?.Cancel();
            _renewal = null;
        }
        _isHeld = false;
        await using NpgsqlCommand command = _source.CreateCommand("DELETE FROM akkalb_lease WHERE name = $1 AND owner = $2");
        command.Parameters.AddWithValue(Settings.LeaseName);
        command.Parameters.AddWithValue(Settings.OwnerName);
        await command.ExecuteNonQueryAsync();
        return true;
    }

    public override bool CheckLease() => _isHeld;

    private async Task RenewAsync()
    {
        try
        {
            if (_isHeld && !await TakeAsync())
            {
                Lose(null);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            Lose(e);
        }

        void Lose(Exception? cause)
        {
            _isHeld = false;
            _lost?.Invoke(cause);
        }
    }

    private async Task<bool> TakeAsync()
    {
        await using NpgsqlCommand command = _source.CreateCommand("""
            INSERT INTO akkalb_lease AS held VALUES ($1, $2, now() + $3)
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
            WHERE held.owner = excluded.owner OR held.until < now()
            """);
        command.Parameters.AddWithValue(Settings.LeaseName);
        command.Parameters.AddWithValue(Settings.OwnerName);
        command.Parameters.AddWithValue(Settings.TimeoutSettings.HeartbeatTimeout);
        return await command.ExecuteNonQueryAsync() == 1;
    }
}
