using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace AkkaLb.Engine;

/// <summary>
/// The sender of one question: completes a task with the first answer. Its path is made, and made known, only when somebody
/// asks for it, which local questions never do.
/// </summary>
internal sealed class AskRef<T>(IActorRefProvider provider) : MinimalActorRef, ICanTell
{
    private static readonly TimerCallback OnTimeout = static state => ((AskRef<T>)state!).TimeOut();

    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorPath? _path;
    private Timer? _timer;
    private TimeSpan _timeout;
    private CancellationTokenRegistration _cancellation;
    private bool _hasCleanUp;

    internal Task<T> Task => _answer.Task;

    public override IActorRefProvider Provider => provider;

    public override IInternalActorRef Parent => provider.TempContainer;

    public override bool IsTerminated => _answer.Task.IsCompleted;

    public override ActorPath Path => Volatile.Read(ref _path) ?? MakePath();

    /// <summary>Fails the task after a time, or when the token says so.</summary>
    internal void Limit(TimeSpan timeout, CancellationToken token)
    {
        if (timeout > TimeSpan.Zero)
        {
            _hasCleanUp = true;
            _timeout = timeout;
            _timer = new Timer(OnTimeout, this, timeout, Timeout.InfiniteTimeSpan);
        }
        if (token.CanBeCanceled)
        {
            _hasCleanUp = true;
            _cancellation = token.UnsafeRegister(
                static (state, token) =>
                {
                    AskRef<T> ask = (AskRef<T>)state!;
                    if (ask._answer.TrySetCanceled(token)) { ask.CleanUp(); }
                },
                this);
        }
        if (_answer.Task.IsCompleted) { CleanUp(); }
    }

    void ICanTell.Tell(object message, IActorRef? sender) => TellInternal(message, sender);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        bool taken = message switch
        {
            T typed => _answer.TrySetResult(typed),
            null => _answer.TrySetResult(default!),
            Status.Failure failure => _answer.TrySetException(
                failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            _ => _answer.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (!taken) { provider.DeadLetterRef().Deliver(message!, sender, this); }
        else if (_hasCleanUp) { CleanUp(); }
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (_answer.Task.IsCompleted) { DeadLetterActorRef.Answer((SystemMessage)message); }
    }

    private void TimeOut()
    {
        if (_answer.TrySetException(new AskTimeoutException($"Timeout after {_timeout} seconds"))) { CleanUp(); }
    }

    private void CleanUp()
    {
        _timer?.Dispose();
        _cancellation.Unregister();
        if (Volatile.Read(ref _path) is { } path) { provider.UnregisterTempActor(path); }
    }

    private ActorPath MakePath()
    {
        ActorPath path = provider.TempPath();
        if (Interlocked.CompareExchange(ref _path, path, null) is { } known) { return known; }
        _hasCleanUp = true;
        provider.RegisterTempActor(this, path);
        if (_answer.Task.IsCompleted) { provider.UnregisterTempActor(path); }
        return path;
    }
}
