namespace Akka.Actor;

/// <summary>Sends the result of a task as a message; a fault comes as <see cref="Status.Failure"/>.</summary>
public static class PipeToSupport
{
    /// <summary>Sends the result of the task.</summary>
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends the result of the task.</summary>
    public static async Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        object answer;
        try
        {
            T result = await taskToPipe.ConfigureAwait(useConfigureAwait);
            answer = success is null ? result! : success(result);
        }
        catch (Exception e)
        {
            answer = Failed(e, failure);
        }
        recipient.Tell(answer, sender ?? ActorRefs.NoSender);
    }

    /// <summary>Sends what <paramref name="success"/> makes of the task's end, or nothing.</summary>
    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends what <paramref name="success"/> makes of the task's end, or nothing.</summary>
    public static async Task PipeTo(this Task taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        object? answer;
        try
        {
            await taskToPipe.ConfigureAwait(useConfigureAwait);
            answer = success?.Invoke();
        }
        catch (Exception e)
        {
            answer = Failed(e, failure);
        }
        if (answer is not null) { recipient.Tell(answer, sender ?? ActorRefs.NoSender); }
    }

    /// <summary>Sends the result of the task.</summary>
    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends the result of the task.</summary>
    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, useConfigureAwait, sender, success, failure);

    /// <summary>Sends what <paramref name="success"/> makes of the task's end, or nothing.</summary>
    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends what <paramref name="success"/> makes of the task's end, or nothing.</summary>
    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, useConfigureAwait, sender, success, failure);

    private static object Failed(Exception e, Func<Exception, object>? failure) => failure is null ? new Status.Failure(e) : failure(e);
}
