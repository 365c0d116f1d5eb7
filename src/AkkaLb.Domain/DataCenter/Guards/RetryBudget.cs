namespace AkkaLb.Domain.DataCenter.Guards;

/// <param name="Most">Retries of one request, 0 for none.</param>
/// <param name="Budget">Share of the requests that may be retries, over time.</param>
public sealed record RetryOptions(int Most = 1, double Budget = 0.2);

/// <summary>
/// Retries are a share of the requests, over time: when everything fails, retries do not double the load. Some are saved up, for a burst.
/// </summary>
public sealed class RetryBudget(double share)
{
    /// <summary>Retries that are there at the start, and saved at most.</summary>
    public const int Most = 100;

    private const double One = 1 << 20;

    // A share of nothing has nothing saved up either.
    private long _balance = share > 0 ? (long)(Most * One) : 0;

    /// <summary>A request came.</summary>
    public void Earn()
    {
        if (Volatile.Read(ref _balance) < Most * One)
        {
            Interlocked.Add(ref _balance, (long)(share * One));
        }
    }

    /// <returns>Whether there may be a retry.</returns>
    public bool TrySpend()
    {
        if (Interlocked.Add(ref _balance, -(long)One) >= 0)
        {
            return true;
        }
        Interlocked.Add(ref _balance, (long)One);
        return false;
    }
}
