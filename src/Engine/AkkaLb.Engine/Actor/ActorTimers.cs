using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>A message of a timer, on its way to its actor.</summary>
internal sealed class TimerMessage(object key, object message, ActorTimers owner, long generation) : IAutoReceivedMessage, INoSerializationVerificationNeeded
{
    internal object Key => key;
    internal object Message => message;
    internal ActorTimers Owner => owner;
    internal long Generation => generation;

    public override string ToString() => $"<Timer>: {key} - {message}";
}

/// <summary>The timers of one cell. A generation in each message tells those of cancelled or replaced timers.</summary>
internal sealed class ActorTimers(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, (long Generation, Cancelable Task, bool Repeats)> _timers = [];
    private long _generation;

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Start(key, msg, initialDelay, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) => Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, cell.Self);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out (long Generation, Cancelable Task, bool Repeats) timer)) { timer.Task.Cancel(); }
    }

    public void CancelAll()
    {
        foreach ((long Generation, Cancelable Task, bool Repeats) timer in _timers.Values) { timer.Task.Cancel(); }
        _timers.Clear();
    }

    /// <summary>True when the message is of a timer that still runs.</summary>
    internal bool Accept(TimerMessage message)
    {
        if (!ReferenceEquals(message.Owner, this)
            || !_timers.TryGetValue(message.Key, out (long Generation, Cancelable Task, bool Repeats) timer)
            || timer.Generation != message.Generation)
        {
            return false;
        }
        if (!timer.Repeats) { _timers.Remove(message.Key); }
        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        Cancel(key);
        IScheduler scheduler = cell.System.Scheduler;
        Cancelable task = new(scheduler);
        TimerMessage timer = new(key, message, this, ++_generation);
        _timers.Add(key, (_generation, task, interval is not null));
        if (interval is { } period) { scheduler.ScheduleTellRepeatedly(delay, period, cell.Self, timer, sender, task); }
        else { scheduler.ScheduleTellOnce(delay, cell.Self, timer, sender, task); }
    }
}
