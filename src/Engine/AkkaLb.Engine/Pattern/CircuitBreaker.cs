using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Pattern;

/// <summary>
/// Refuses calls to what has failed too often. Closed until <see cref="MaxFailures"/> calls in a row have failed or
/// lasted longer than <see cref="CallTimeout"/>; then open for <see cref="ResetTimeout"/>, which grows with every
/// further failure when a back-off is set; then half open: one call is let through and decides.
/// </summary>
public class CircuitBreaker
{
    private readonly Lock _gate = new();
    private readonly List<Action> _onOpen = [];
    private readonly List<Action> _onHalfOpen = [];
    private readonly List<Action> _onClose = [];
    private State _state = State.Closed;
    private bool _trying;
    private int _failures;
    private TimeSpan _currentResetTimeout;
    private TimeSpan _openUntil;

    /// <summary>A breaker that stays open for the same time whenever it opens.</summary>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout)
        : this(scheduler, maxFailures, callTimeout, resetTimeout, TimeSpan.FromDays(36500), 1.0, 0.0) { }

    /// <summary>A breaker whose time open is multiplied by a factor at every failure in half-open state.</summary>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeSpan maxResetTimeout, double exponentialBackoffFactor)
        : this(scheduler, maxFailures, callTimeout, resetTimeout, maxResetTimeout, exponentialBackoffFactor, 0.0) { }

    /// <summary>A breaker whose time open is multiplied by a factor at every failure in half-open state, and varied by up to <paramref name="randomFactor"/> (0 to 1).</summary>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeSpan maxResetTimeout, double exponentialBackoffFactor, double randomFactor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxFailures);
        ArgumentOutOfRangeException.ThrowIfLessThan(exponentialBackoffFactor, 1.0);
        if (randomFactor is < 0 or > 1) { throw new ArgumentException("factor must be between [0.0, 1.0]", nameof(randomFactor)); }
        Scheduler = scheduler;
        MaxFailures = maxFailures;
        CallTimeout = callTimeout;
        ResetTimeout = resetTimeout;
        MaxResetTimeout = maxResetTimeout;
        ExponentialBackoffFactor = exponentialBackoffFactor;
        RandomFactor = randomFactor;
        _currentResetTimeout = resetTimeout;
    }

    private enum State
    {
        Closed,
        Open,
        HalfOpen,
    }

    /// <summary>Measures the time open.</summary>
    public IScheduler Scheduler { get; }

    /// <summary>Failures in a row that open the breaker.</summary>
    public int MaxFailures { get; }

    /// <summary>A call that lasts longer counts as failed.</summary>
    public TimeSpan CallTimeout { get; }

    /// <summary>Time open after the first failure.</summary>
    public TimeSpan ResetTimeout { get; }

    /// <summary>Bound of the time open.</summary>
    public TimeSpan MaxResetTimeout { get; }

    /// <summary>Growth of the time open, at least 1.</summary>
    public double ExponentialBackoffFactor { get; }

    /// <summary>Share of the time open by which it varies, 0 to 1.</summary>
    public double RandomFactor { get; }

    /// <summary>Why the last call failed.</summary>
    public Exception? LastCaughtException { get; private set; }

    /// <summary>Failures in a row.</summary>
    public long CurrentFailureCount => Volatile.Read(ref _failures);

    /// <summary>True when calls go through.</summary>
    public bool IsClosed => _state == State.Closed;

    /// <summary>True when calls are refused.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>True when one call is let through.</summary>
    public bool IsHalfOpen => _state == State.HalfOpen;

    /// <summary>A breaker that stays open for the same time whenever it opens.</summary>
    public static CircuitBreaker Create(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout) =>
        new(scheduler, maxFailures, callTimeout, resetTimeout);

    /// <summary>The same breaker, closed, with a time open that doubles up to a bound.</summary>
    public CircuitBreaker WithExponentialBackoff(TimeSpan maxResetTimeout) =>
        new(Scheduler, MaxFailures, CallTimeout, ResetTimeout, maxResetTimeout, 2.0, RandomFactor);

    /// <summary>The same breaker, closed, with a time open that varies.</summary>
    public CircuitBreaker WithRandomFactor(double randomFactor) =>
        new(Scheduler, MaxFailures, CallTimeout, ResetTimeout, MaxResetTimeout, ExponentialBackoffFactor, randomFactor);

    /// <summary>Makes an asynchronous call, or refuses it with <see cref="OpenCircuitException"/>.</summary>
    public async Task<T> WithCircuitBreaker<T>(Func<Task<T>> body)
    {
        Enter();
        try
        {
            Task<T> call = body();
            T result = call.IsCompletedSuccessfully ? call.Result : await call.WaitAsync(CallTimeout).ConfigureAwait(false);
            Succeed();
            return result;
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    /// <summary>Makes an asynchronous call, or refuses it with <see cref="OpenCircuitException"/>.</summary>
    public Task<TResult> WithCircuitBreaker<TResult, TState>(TState state, Func<TState, Task<TResult>> body) => WithCircuitBreaker(() => body(state));

    /// <summary>Makes an asynchronous call, or refuses it with <see cref="OpenCircuitException"/>.</summary>
    public async Task WithCircuitBreaker(Func<Task> body)
    {
        Enter();
        try
        {
            Task call = body();
            if (!call.IsCompletedSuccessfully) { await call.WaitAsync(CallTimeout).ConfigureAwait(false); }
            Succeed();
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    /// <summary>Makes an asynchronous call, or refuses it with <see cref="OpenCircuitException"/>.</summary>
    public Task WithCircuitBreaker<TState>(TState state, Func<TState, Task> body) => WithCircuitBreaker(() => body(state));

    /// <summary>Counts a success; closes a half-open breaker.</summary>
    public void Succeed()
    {
        if (_state == State.Closed && Volatile.Read(ref _failures) == 0) { return; }
        lock (_gate)
        {
            _failures = 0;
            if (_state != State.HalfOpen) { return; }
            _state = State.Closed;
            _currentResetTimeout = ResetTimeout;
        }
        Notify(_onClose);
    }

    /// <summary>Counts a failure.</summary>
    public void Fail() => Fail(new UserCalledFailException());

    /// <summary>Calls code whenever the breaker opens.</summary>
    public CircuitBreaker OnOpen(Action callback) => Add(_onOpen, callback);

    /// <summary>Calls code whenever the breaker becomes half open.</summary>
    public CircuitBreaker OnHalfOpen(Action callback) => Add(_onHalfOpen, callback);

    /// <summary>Calls code whenever the breaker closes.</summary>
    public CircuitBreaker OnClose(Action callback) => Add(_onClose, callback);

    private void Enter()
    {
        if (_state == State.Closed) { return; }
        lock (_gate)
        {
            if (_state == State.Closed) { return; }
            if (_state == State.HalfOpen && !_trying)
            {
                _trying = true;
                return;
            }
            TimeSpan remaining = _state == State.Open ? _openUntil - Scheduler.MonotonicClock : TimeSpan.Zero;
            throw new OpenCircuitException(LastCaughtException, remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero);
        }
    }

    private void Fail(Exception cause)
    {
        lock (_gate)
        {
            LastCaughtException = cause;
            if (_state == State.Open) { return; }
            _failures++;
            if (_state == State.Closed && _failures < MaxFailures) { return; }
            if (_state == State.HalfOpen) { _currentResetTimeout = Grown(_currentResetTimeout); }
            _state = State.Open;
            _openUntil = Scheduler.MonotonicClock + _currentResetTimeout;
            Scheduler.Advanced.ScheduleOnce(Varied(_currentResetTimeout), AttemptReset);
        }
        Notify(_onOpen);
    }

    private void AttemptReset()
    {
        lock (_gate)
        {
            if (_state != State.Open) { return; }
            _state = State.HalfOpen;
            _trying = false;
        }
        Notify(_onHalfOpen);
    }

    private TimeSpan Grown(TimeSpan time)
    {
        double ticks = time.Ticks * ExponentialBackoffFactor;
        return ticks < MaxResetTimeout.Ticks ? TimeSpan.FromTicks((long)ticks) : MaxResetTimeout;
    }

    private TimeSpan Varied(TimeSpan time) => RandomFactor == 0 ? time : time * (1 + RandomFactor * Jitter.Share());

    private CircuitBreaker Add(List<Action> callbacks, Action callback)
    {
        lock (_gate) { callbacks.Add(callback); }
        return this;
    }

    private void Notify(List<Action> callbacks)
    {
        Action[] all;
        lock (_gate) { all = [.. callbacks]; }
        foreach (Action callback in all) { callback(); }
    }
}
