using Akka.Actor;

namespace Engine.Tests.Actor;

/// <summary>The real-time scheduler; only orders and counts are checked, never how long something took.</summary>
public sealed class CancelableTests : ActorTest
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task Cancelable_Token_IsCancelledWithIt()
    {
        Cancelable cancelable = new(Sys.Scheduler);
        CancellationToken token = cancelable.Token;
        token.IsCancellationRequested.ShouldBeFalse();
        cancelable.CancelAfter(Tick);
        await Should.ThrowAsync<OperationCanceledException>(Task.Delay(PuppetExtensions.Patience, token));
        cancelable.IsCancellationRequested.ShouldBeTrue();
        Cancelable.CreateCanceled().Token.IsCancellationRequested.ShouldBeTrue();
        Cancelable one = new(Sys.Scheduler);
        ICancelable linked = Cancelable.CreateLinkedCancelable(Sys.Scheduler, one, new Cancelable(Sys.Scheduler));
        linked.IsCancellationRequested.ShouldBeFalse();
        one.Cancel();
        linked.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Cancelled_VeryMany_AreDropped()
    {
        // More than the scheduler keeps before it drops cancelled entries, interleaved with one that must survive.
        for (int i = 0; i < 5000; i++)
        {
            if (i == 2500) { Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), TestActor, "kept", ActorRefs.NoSender); }
            Sys.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromHours(1), TestActor, "never", ActorRefs.NoSender).Cancel();
        }
        ExpectMsg("kept");
    }
}
