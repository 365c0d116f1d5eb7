using Akka.Actor;

namespace AkkaLb.Engine.TestKit;

/// <summary>Keeps the test actor the implicit sender when a test goes on after an await.</summary>
internal sealed class CellKeepingContext(ActorCell? cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback callback, object? state) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => work.Context.Run(work.Callback, work.State), (Context: this, Callback: callback, State: state), preferLocal: false);

    public override void Send(SendOrPostCallback callback, object? state) => Run(callback, state);

    public override SynchronizationContext CreateCopy() => this;

    private void Run(SendOrPostCallback callback, object? state)
    {
        ActorCell? previousCell = ActorCell.Current;
        SynchronizationContext? previousContext = Current;
        try
        {
            ActorCell.Current = cell;
            SetSynchronizationContext(this);
            callback(state);
        }
        finally
        {
            ActorCell.Current = previousCell;
            SetSynchronizationContext(previousContext);
        }
    }
}
