using Akka.Actor;
using Akka.Coordination;
using Npgsql;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// A lease that is a row of a table in PostgreSQL (<see cref="RunStore"/> makes it): whoever inserts it, or takes over one that has
/// expired, holds it. One statement, atomic by the primary key. So one half of a split cluster lives on, also where the halves are equal.
/// </summary>
/// <remarks>
/// It is a half's, not a node's: where the node that holds it can be reached, this half has it. A holder that has died since renews it no
/// longer, and whoever asks waits until it expires; without that, who outlives two deaths in short order would down itself.
/// </remarks>
public sealed class PostgresLease : Lease
{
    internal const string ConfigPath = "akkalb.lease";

    private readonly NpgsqlDataSource _source;
    private readonly Lock _gate = new();
    private readonly IScheduler _scheduler;
    private readonly Func<string, bool> _isReachable;
    private volatile bool _isHeld;

    // Under way: one at most.
    private int _renewals;
    private ICancelable? _renewal;
    private Action<Exception?>? _lost;

    public PostgresLease(LeaseSettings settings, ExtendedActorSystem system)
        : this(settings, system, owner => IsReachable(Akka.Cluster.Cluster.Get(system), owner))
    {
    }

    /// <param name="isReachable">Whether a node is a member, another one than this, and can be reached; given <c>system@host:port</c>, as
    /// the resolver names owners.</param>
    internal PostgresLease(LeaseSettings settings, ExtendedActorSystem system, Func<string, bool> isReachable)
        : base(settings)
    {
        _isReachable = isReachable;
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
        if (!_isHeld && await HolderAsync() is { } holder)
        {
            if (_isReachable(holder.Owner))
            {
                return true;
            }
            _isHeld = await OutliveAsync(holder);
        }
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

    private static bool IsReachable(Akka.Cluster.Cluster cluster, string owner) =>
        cluster.State.Members.Any(member => member.Address.HostPort() == owner && member.UniqueAddress != cluster.SelfUniqueAddress)
        && !cluster.State.Unreachable.Any(member => member.Address.HostPort() == owner);

    /// <summary>Waits until the holder renews the lease, or until it has expired.</summary>
    /// <remarks>One renewal may have been under way when the holder died: whoever lives renews twice.</remarks>
    /// <returns>Whether it is held here now.</returns>
    private async Task<bool> OutliveAsync((string Owner, DateTime Until) holder)
    {
        bool isRenewed = false;
        using PeriodicTimer timer = new(Settings.TimeoutSettings.HeartbeatInterval);
        while (true)
        {
            await timer.WaitForNextTickAsync();
            if (await TakeAsync())
            {
                return true;
            }
            if (await HolderAsync() is { } now && now != holder)
            {
                if (isRenewed || now.Owner != holder.Owner)
                {
                    return false;
                }
                (isRenewed, holder) = (true, now);
            }
        }
    }

    private async Task<(string Owner, DateTime Until)?> HolderAsync()
    {
        await using NpgsqlCommand command = _source.CreateCommand("SELECT owner, until FROM akkalb_lease WHERE name = $1");
        command.Parameters.AddWithValue(Settings.LeaseName);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetString(0), reader.GetDateTime(1)) : null;
    }

    private async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _renewals, 1) == 1)
        {
            return;
        }
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
        finally
        {
            Interlocked.Exchange(ref _renewals, 0);
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
