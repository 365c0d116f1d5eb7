using Akka.Actor;
using Akka.Event;

namespace Engine.Tests.Event;

public sealed class LogEventTests : ActorTest
{
    public LogEventTests() : base("akka.loglevel = DEBUG") { }

    [Fact]
    public void Log_ArgumentsAreFormattedOnlyWhenAskedFor()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Info));
        ILoggingAdapter log = Logging.GetLogger(Sys, typeof(LogEventTests));
        log.Info("value {0}", 42);
        Info info = ExpectMsg<Info>();
        LogMessage message = info.Message.ShouldBeAssignableTo<LogMessage>()!;
        message.Format.ShouldBe("value {0}");
        message.Parameters().ShouldBe([42]);
        message.ToString().ShouldBe("value 42");
        info.LogSource.ShouldStartWith("LogEventTests(");
        info.LogClass.ShouldBe(typeof(LogEventTests));
        info.Timestamp.Kind.ShouldBe(DateTimeKind.Utc);
        info.ToString().ShouldContain("[INFO]");
        log.Info("braces {} stay without arguments");
        ExpectMsg<Info>().Message.ToString().ShouldBe("braces {} stay without arguments");
    }

    [Fact]
    public async Task Supervision_LogsByDirective()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        IActorRef resuming = Sys.ActorOf(Props.Create(() => new Actor.Puppet(null, new OneForOneStrategy(_ => Directive.Resume))));
        IActorRef child = await Actor.PuppetExtensions.Child(resuming, null, "child");
        child.Tell(new FormatException("resumed"));
        ExpectMsg<Warning>().Message.ShouldBe("resumed");
        IActorRef top = Sys.ActorOf(Props.Create(() => new Actor.Puppet(null, null)), "top");
        top.Tell(new FormatException("restarted"));
        Error error = ExpectMsg<Error>();
        error.Message.ShouldBe("restarted");
        error.Cause.ShouldBeOfType<FormatException>();
        error.LogSource.ShouldBe("akka://test/user/top");
    }

    [Fact]
    public void LogLevel_Names_GoBothWays()
    {
        foreach (LogLevel level in Enum.GetValues<LogLevel>()) { Logging.LogLevelFor(level.StringFor()).ShouldBe(level); }
        Logging.LogLevelFor("off").StringFor().ShouldBe("OFF");
        Should.Throw<ArgumentException>(() => Logging.LogLevelFor("loud"));
    }

    [Fact]
    public async Task DebugUnhandled_FromConfiguration_LogsUnhandledMessages()
    {
        ActorSystem system = ActorSystem.Create("unhandled", """
            akka { stdout-loglevel = OFF, loglevel = DEBUG, loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"], actor.debug.unhandled = on }
            """);
        system.EventStream.Subscribe(TestActor, typeof(Debug));
        IActorRef actor = system.ActorOf(Props.Create(() => new Actor.Puppet(null, null)), "a");
        actor.Tell(1.5);
        FishForMessage(m => m is Debug d && d.Message.ToString()!.StartsWith("Unhandled message from", StringComparison.Ordinal));
        await system.Terminate();
    }
}
