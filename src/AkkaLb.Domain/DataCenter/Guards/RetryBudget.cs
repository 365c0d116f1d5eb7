namespace AkkaLb.Domain.DataCenter.Guards;

/// <param name="Most">Retries of one request, 0 for none.</param>
/// <param name="Budget">Share of the requests that may be retries, over time.</param>
public sealed record RetryOptions(int Most = 1, double Budget = 0.2);

/// <summary>
/// Retries are a share of the requests, over time: when everything fails, retries do not double the load. Some are saved up, for a burst.
/// </summary>
public sealed class RetryBudget(double share)
{
    /// <summary>Retries that are there at the start, for whoever has few requests, and those saved at most.</summary>
    public const int AtStart = 10, Most = 100;

    private const double One = 1 << 20;

    private long _balance = (long)(AtStart * One);

    /// <summary>Of the requests; another one holds for those to come, what is saved up stays. Of 0 there is no retry at all.</summary>
    public double Share { get; set; } = share;

    /// <summary>A request came.</summary>
    public void Earn()
    {
        if (Volatile.Read(ref _balance) < Most * One)
        {
            Interlocked.Add(ref _balance, (long)(Share * One));
        }
    }

    /// <returns>Whether there may be a retry.</returns>
    public bool TrySpend()
    {
        if (Share == 0)
        {
            return false;
        }
        if (Interlocked.Add(ref _balance, -(long)One) >= 0)
        {
            return true;
        }
        Interlocked.Add(ref _balance, (long)One);
        return false;
    }
}
