using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>
/// How the load balancers of a simulated data centre find out that servers fail, and what they do about it. Without any of it they are told
/// after <see cref="Simulation.DataCenterModel.DetectionDelay"/>, and clients wait until they give up. Times are ticks.
/// </summary>
public sealed record FailureOptions
{
    /// <summary>A connection that a dead server does not take is given up so long after it was opened; 0: the client gives up.</summary>
    public long ConnectTimeout { get; init; }

    /// <summary>A connection whose server has died is given up so long after that; 0: the client gives up.</summary>
    public long SilenceTimeout { get; init; }

    /// <summary>Null: nothing is checked.</summary>
    public HealthCheckOptions? Health { get; init; }

    public RetryOptions Retries { get; init; } = new(Most: 0);

    /// <summary>Share of the jobs that may be sent twice, 0 to 1.</summary>
    public double Idempotent { get; init; } = 1;

    public EjectionOptions Ejection { get; init; } = new() { Enabled = false };

    /// <summary>Until a server that is new or back has all of its weight; 0: at once. Policies without weights know none.</summary>
    public long SlowStart { get; init; }

    /// <summary>Clients that stay at their servers; 0: no job is bound to any.</summary>
    public int StickyClients { get; init; }

    /// <summary>Whether there is anything to do.</summary>
    public bool IsOn => ConnectTimeout > 0 || SilenceTimeout > 0 || Health is not null || Retries.Most > 0 || Ejection.Enabled
        || SlowStart > 0 || StickyClients > 0;

    /// <summary>A job has failed at its server: whether its load balancer gets to see that while the client waits.</summary>
    /// <param name="established">Whether the server had taken the job.</param>
    /// <returns>When; null: the client gives up before, or nobody looks.</returns>
    public long? Seen(in Job job, long now, bool established)
    {
        long timeout = established ? SilenceTimeout : ConnectTimeout;
        return !IsOn ? null
            : !job.TimedOut ? now + job.UntilClosed
            : timeout == 0 ? null
            : established ? now + timeout : Math.Max(now, job.Opened + timeout);
    }
}

/// <summary>Every load balancer asks every server, from time to time, whether it is well.</summary>
/// <param name="Interval">Ticks from one question to the next; positive. Load balancers begin one after the other within it.</param>
/// <param name="Timeout">Ticks after which a server has not answered; at least 10 ms, at most the interval.</param>
/// <param name="Fall">Unanswered questions in a row that make a server unhealthy.</param>
/// <param name="Rise">Answers in a row that make it healthy.</param>
public sealed record HealthCheckOptions(long Interval, long Timeout, int Fall = 3, int Rise = 2);
