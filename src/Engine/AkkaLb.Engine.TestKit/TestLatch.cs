namespace Akka.TestKit;

/// <summary>Opens when it has been counted down to zero; can be closed again.</summary>
public class TestLatch
{
    /// <summary>How long <see cref="Ready()"/> waits when nothing else is said: 5 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly CountdownEvent latch;
    private readonly Func<TimeSpan, TimeSpan> dilate;
    private readonly TimeSpan defaultTimeout;

    /// <summary>A latch to be counted down once.</summary>
    public TestLatch()
        : this(1)
    {
    }

    /// <summary>A latch to be counted down <paramref name="count"/> times.</summary>
    public TestLatch(int count)
        : this(count, DefaultTimeout)
    {
    }

    /// <summary>A latch with its default timeout.</summary>
    public TestLatch(int count, TimeSpan defaultTimeout)
        : this(static timeout => timeout, defaultTimeout, count)
    {
    }

    /// <summary>A latch whose timeouts are stretched.</summary>
    public TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
    {
        this.dilate = dilate;
        this.defaultTimeout = defaultTimeout;
        latch = new CountdownEvent(count);
    }

    /// <summary>Whether the count has reached zero.</summary>
    public bool IsOpen => latch.CurrentCount == 0;

    /// <summary>Counts down by one; nothing happens when the latch is open.</summary>
    public void CountDown()
    {
        try
        {
            latch.Signal();
        }
        catch (InvalidOperationException)
        {
            // It has been opened meanwhile.
        }
    }

    /// <summary>Opens the latch.</summary>
    public void Open()
    {
        while (!IsOpen)
        {
            CountDown();
        }
    }

    /// <summary>Closes the latch and starts counting anew.</summary>
    public void Reset() => latch.Reset();

    /// <summary>Waits until the latch is open.</summary>
    /// <exception cref="TimeoutException">It did not open in time.</exception>
    public void Ready() => Ready(defaultTimeout);

    /// <summary>Waits until the latch is open.</summary>
    /// <exception cref="TimeoutException">It did not open in time.</exception>
    public void Ready(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero)
        {
            throw new ArgumentException("the timeout must be positive and finite", nameof(timeout));
        }
        TimeSpan dilated = dilate(timeout);
        if (!latch.Wait(dilated))
        {
            throw new TimeoutException($"the latch did not open within {dilated}: {latch.CurrentCount} of {latch.InitialCount} still to count");
        }
    }
}
