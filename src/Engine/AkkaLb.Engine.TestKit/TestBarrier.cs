namespace Akka.TestKit;

/// <summary>Holds threads until a number of them have come; usable again afterwards.</summary>
public class TestBarrier
{
    /// <summary>How long <see cref="Await()"/> waits when nothing else is said: 5 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly TestKitBase testKit;
    private readonly int count;
    private readonly TimeSpan defaultTimeout;
    private Barrier barrier;

    /// <summary>A barrier for <paramref name="count"/> threads.</summary>
    public TestBarrier(TestKitBase testKit, int count, TimeSpan? defaultTimeout = null)
    {
        this.testKit = testKit;
        this.count = count;
        this.defaultTimeout = defaultTimeout ?? testKit.TestKitSettings.DefaultTimeout;
        barrier = new Barrier(count);
    }

    /// <summary>Waits for the others.</summary>
    /// <exception cref="TimeoutException">They did not come in time.</exception>
    public void Await() => Await(defaultTimeout);

    /// <summary>Waits for the others.</summary>
    /// <exception cref="TimeoutException">They did not come in time.</exception>
    public void Await(TimeSpan timeout)
    {
        TimeSpan dilated = testKit.Dilated(timeout);
        if (!barrier.SignalAndWait(dilated))
        {
            throw new TimeoutException($"{count} threads did not reach the barrier within {dilated}");
        }
    }

    /// <summary>Starts anew; nobody may be waiting.</summary>
    public void Reset() => barrier = new Barrier(count);
}
