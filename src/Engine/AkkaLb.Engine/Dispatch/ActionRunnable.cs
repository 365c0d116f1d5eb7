namespace Akka.Dispatch;

/// <summary>An <see cref="IRunnable"/> that calls a delegate.</summary>
public sealed class ActionRunnable(Action action) : IRunnable
{
    /// <inheritdoc />
    public void Run() => action();

    /// <inheritdoc />
    public void Execute() => action();
}
