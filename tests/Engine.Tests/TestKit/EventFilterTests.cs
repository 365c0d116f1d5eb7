using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;

namespace Engine.Tests.TestKit;

public class EventFilterTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    public EventFilterTests()
        : base("akka { loglevel = DEBUG, stdout-loglevel = OFF, log-dead-letters = off }")
    {
    }

    [Fact]
    public void ExpectOne_EachLevel_Accepts()
    {
        EventFilter.Info("hello").ExpectOne(() => Log.Info("hello"));
        EventFilter.Debug(start: "hel").ExpectOne(() => Log.Debug("hello"));
        EventFilter.Warning(contains: "ell").ExpectOne(() => Log.Warning("hello"));
        EventFilter.Error(new Regex("h.*o")).ExpectOne(() => Log.Error("hello"));
        EventFilter.ForLogLevel(LogLevel.InfoLevel).ExpectOne(() => Log.Info("anything"));
    }

    [Fact]
    public void ExpectOne_GivesTheBlocksResult() => EventFilter.Info().ExpectOne(() =>
    {
        Log.Info("x");
        return 5;
    }).ShouldBe(5);

    [Fact]
    public void ExpectOne_FormattedMessage_MatchesItsText() =>
        EventFilter.Info("3 of 4 done").ExpectOne(() => Log.Info("{0} of {1} done", 3, 4));

    [Fact]
    public void ExpectOne_NothingLogged_NamesTheFilter() =>
        ExpectTests.Failure(() => EventFilter.Warning("fire", source: "here").ExpectOne(Short, () => Log.Info("fire")))
            .ShouldBe("expected 1 log event that match [WarningLevel 'fire' from here], but received 0 within 20 ms");

    [Fact]
    public void Expect_TooMany_SaysHowMany() =>
        ExpectTests.Failure(() => EventFilter.Info().Expect(1, () =>
        {
            // The block ends only when all three have reached the logger.
            EventFilter.Info().Expect(3, () =>
            {
                Log.Info("1");
                Log.Info("2");
                Log.Info("3");
            });
        })).ShouldContain("but received 3");

    [Fact]
    public void Expect_None_WaitsAndPassesOrFails()
    {
        EventFilter.Info("x").Expect(0, Short, () => Log.Info("y"));
        ExpectTests.Failure(() => EventFilter.Info("x").Expect(0, TimeSpan.FromMinutes(1), () => Log.Info("x"))).ShouldContain("received 1");
    }

    [Fact]
    public void And_EitherFilterCounts() => EventFilter.Info("a").And.Warning("b").Expect(2, () =>
    {
        Log.Info("a");
        Log.Warning("b");
        Log.Info("c");
    });

    [Fact]
    public async Task ExpectAsync_CountsEventsOfAnActor()
    {
        IActorRef actor = ActorOf(() => new LoggingActor(), "logging");

        await EventFilter.Info(source: actor.Path.ToString()).ExpectAsync(2, async () =>
        {
            actor.Tell("one");
            await Task.Yield();
            actor.Tell("two");
        });
        await EventFilter.Info("three", source: "/user/logging").ExpectOneAsync(() => actor.Tell("three"));
        (await EventFilter.Info("four").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            actor.Tell("four");
            return 4;
        })).ShouldBe(4);
    }

    [Fact]
    public void Exception_MatchesTheCauseOfAnError()
    {
        EventFilter.Exception<ArgumentException>("bad").ExpectOne(() => Log.Error(new ArgumentNullException(null, "bad"), "failed"));
        EventFilter.Exception<ArgumentException>(contains: "fail").ExpectOne(() => Log.Error(new ArgumentException("bad"), "failed"));
        EventFilter.Exception(typeof(FormatException), checkInnerExceptions: true)
            .ExpectOne(() => Log.Error(new InvalidOperationException("outer", new FormatException()), "failed"));
        ExpectTests.Failure(() => EventFilter.Exception<ArgumentException>().ExpectOne(Short, () => Log.Error("no cause"))).ShouldContain("received 0");
    }

    [Fact]
    public void Exception_OfACrashingActor_IsSeen()
    {
        IActorRef actor = ActorOf(() => new LoggingActor());

        EventFilter.Exception<InvalidTimeZoneException>("crash").ExpectOne(() => actor.Tell(new InvalidTimeZoneException("crash")));
    }

    [Fact]
    public void DeadLetter_OfAStoppedActor_IsSeen()
    {
        IActorRef actor = Watch(ActorOf(() => new LoggingActor()));
        Sys.Stop(actor);
        ExpectTerminated(actor);

        EventFilter.DeadLetter().ExpectOne(() => actor.Tell("late"));
        EventFilter.DeadLetter<string>(text => text == "late").ExpectOne(() => actor.Tell("late"));
        EventFilter.DeadLetter(typeof(int), actor.Path.ToString()).ExpectOne(() => actor.Tell(5));
    }

    [Fact]
    public void Unhandled_IsAWarning()
    {
        IActorRef actor = ActorOf(() => new LoggingActor());

        EventFilter.Warning(start: "Unhandled message from").ExpectOne(() => actor.Tell(5));
    }

    [Fact]
    public void Custom_PredicateDecides()
    {
        EventFilter.Custom(e => e.LogLevel() == LogLevel.InfoLevel && e.Message.ToString() == "x").ExpectOne(() => Log.Info("x"));
        EventFilter.Custom<Warning>(w => w.Message.ToString() == "y").ExpectOne(() => Log.Warning("y"));
    }

    [Fact]
    public void Mute_WorksUntilDisposed()
    {
        using IUnmutableFilter muted = EventFilter.Error("expected").Mute();
        Log.Error("expected");
        muted.Unmute();
        EventFilter.Error("expected").Mute(() => Log.Error("expected"));

        EventFilter.Error("expected").ExpectOne(() => Log.Error("expected"));
    }

    private sealed class LoggingActor : ReceiveActor
    {
        public LoggingActor()
        {
            ILoggingAdapter log = Context.GetLogger();
            Receive<string>(text => log.Info(text));
            Receive<Exception>(e => throw e);
        }
    }
}
