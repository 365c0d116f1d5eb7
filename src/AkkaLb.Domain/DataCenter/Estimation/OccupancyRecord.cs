namespace AkkaLb.Domain.DataCenter.Estimation;

/// <summary>
/// How long a server held how many requests of ours, and how many left it then. The two together are its rate of departures at every
/// occupancy, which rises with the occupancy while the server has free workers and is flat from there on: it shows the server's capacity
/// without anybody saying how many workers it has or how fast they are.
/// </summary>
public sealed class OccupancyRecord
{
    /// <summary>Occupancies that are told apart; the last holds all above.</summary>
    public const int Levels = 64;

    private readonly double[] _seconds = new double[Levels + 1], _departures = new double[Levels + 1];

    /// <summary>Seconds with so many requests in flight, from index 1; index 0 is without meaning.</summary>
    public ReadOnlySpan<double> Seconds => _seconds;

    /// <summary>Departures that left so many, themselves included.</summary>
    public ReadOnlySpan<double> Departures => _departures;

    /// <summary>All departures that are remembered, less what has faded.</summary>
    public double Total { get; private set; }

    /// <summary>The server held <paramref name="inFlight"/> requests for a while.</summary>
    public void Spend(int inFlight, double seconds)
    {
        if (inFlight > 0 && seconds > 0)
        {
            _seconds[Math.Min(inFlight, Levels)] += seconds;
        }
    }

    /// <summary>A request was answered.</summary>
    /// <param name="inFlight">Requests in flight before, itself included; at least 1.</param>
    public void Depart(int inFlight)
    {
        _departures[Math.Min(inFlight, Levels)]++;
        Total++;
    }

    /// <summary>Forgets all but a share.</summary>
    /// <param name="keep">0 to 1.</param>
    public void Fade(double keep)
    {
        for (int q = 1; q <= Levels; q++)
        {
            _seconds[q] *= keep;
            _departures[q] *= keep;
        }
        Total *= keep;
    }

    /// <summary>Adds a share of what another server, or all of them, showed.</summary>
    public void Add(OccupancyRecord other, double share)
    {
        for (int q = 1; q <= Levels; q++)
        {
            _seconds[q] += share * other._seconds[q];
            _departures[q] += share * other._departures[q];
        }
        Total += share * other.Total;
    }

    public void Clear() => Fade(0);

    /// <summary>Begins at what was stored of another one.</summary>
    /// <param name="seconds">As long as <see cref="Seconds"/>; so <paramref name="departures"/>.</param>
    public void Restore(ReadOnlySpan<double> seconds, ReadOnlySpan<double> departures)
    {
        seconds.CopyTo(_seconds);
        departures.CopyTo(_departures);
        Total = 0;
        foreach (double count in departures)
        {
            Total += count;
        }
    }
}
