using Akka.Actor;

namespace Engine.Tests.Actor;

/// <summary>The scheduler of real time.</summary>
public class SchedulerTests : EngineTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void ScheduleTellOnce_Arrives_InOrderOfTime()
    {
        Sys.Scheduler.ScheduleTellOnce(Short * 30, TestActor, "later", TestActor);
        Sys.Scheduler.ScheduleTellOnce(Short, TestActor, "sooner", TestActor);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.Zero, TestActor, "now", TestActor);

        ExpectMsg("now");
        ExpectMsg("sooner");
        ExpectMsg("later");
    }

    [Fact]
    public void ScheduleTellRepeatedly_GoesOnUntilCancelled()
    {
        ICancelable ticks = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, Short, TestActor, "tick", TestActor);
        for (int i = 0; i < 3; i++)
        {
            ExpectMsg("tick");
        }

        ticks.Cancel();

        ticks.IsCancellationRequested.ShouldBeTrue();
        FishForMessage<string>(text => text == "end", hint: Ended());
        ExpectNoMsg(Silence);

        string Ended()
        {
            // What was on its way when the timer was cancelled comes before this.
            Sys.Scheduler.ScheduleTellOnce(Short * 10, TestActor, "end", TestActor);
            return "the end";
        }
    }

    [Fact]
    public void Cancelled_BeforeItIsDue_NeverComes()
    {
        ICancelable once = Sys.Scheduler.ScheduleTellOnceCancelable(Short, TestActor, "cancelled", TestActor);
        once.Cancel();
        Sys.Scheduler.ScheduleTellOnce(Short * 5, TestActor, "after", TestActor);

        ExpectMsg("after");
    }

    [Fact]
    public void Action_ThatThrows_DoesNotStopTheScheduler()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => throw new InvalidTimeZoneException());
        Sys.Scheduler.Advanced.ScheduleOnce(Short, () => TestActor.Tell("alive", ActorRefs.NoSender));

        ExpectMsg("alive");
    }

    [Fact]
    public void NegativeDelay_Throws() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromTicks(-1), TestActor, "x", TestActor));
}
