using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Engine.Tests.Event;

public class LoggingTests() : EngineTest(ConfigurationFactory.ParseString("""
    akka {
      loggers = ["Engine.Tests.Event.RecordingLogger, Engine.Tests"]
      loglevel = INFO
    }
    """))
{
    [Fact]
    public void Logger_OfTheConfiguration_GetsTheEventsOfItsLevel()
    {
        ILoggingAdapter log = Logging.GetLogger(Sys, "unit");
        log.Debug("too fine");
        log.Info("{0} and {1}", "one", 2);
        log.Warning("careful");
        log.Error(new InvalidTimeZoneException("cause"), "broken");

        LogEvent[] events = Recorded(3, "unit");

        events.Select(e => (e.LogLevel(), e.Message.ToString())).ShouldBe(
            [(LogLevel.InfoLevel, "one and 2"), (LogLevel.WarningLevel, "careful"), (LogLevel.ErrorLevel, "broken")]);
        events[2].Cause.ShouldBeOfType<InvalidTimeZoneException>();
        log.IsDebugEnabled.ShouldBeFalse();
        log.IsInfoEnabled.ShouldBeTrue();
    }

    [Fact]
    public void Logger_OfAnActor_NamesItsPath()
    {
        ActorOf(() => new Talker(), "talker").Tell("hello");

        Recorded(1, "akka://test/user/talker").Single().Message.ToString().ShouldBe("hello");
    }

    [Fact]
    public void SetLogLevel_ChangesWhatIsLogged()
    {
        Sys.EventStream.SetLogLevel(LogLevel.DebugLevel);
        Logging.GetLogger(Sys, "fine").Debug("now it counts");

        Recorded(1, "fine").Single().LogLevel().ShouldBe(LogLevel.DebugLevel);
    }

    [Fact]
    public void FailureOfAnActor_IsLoggedAsAnErrorOfItsPath()
    {
        ActorOf(() => new Talker(), "failing").Tell(new InvalidTimeZoneException("failed"));

        LogEvent error = Recorded(1, "akka://test/user/failing").Single();
        error.LogLevel().ShouldBe(LogLevel.ErrorLevel);
        error.Cause.ShouldNotBeNull().Message.ShouldBe("failed");
    }

    private LogEvent[] Recorded(int count, string source)
    {
        LogEvent[] found = [];
        AwaitCondition(() => (found = [.. RecordingLogger.Events(Sys).Where(e => e.LogSource.StartsWith(source))]).Length >= count);
        return found;
    }

    private sealed class Talker : ReceiveActor
    {
        public Talker()
        {
            ILoggingAdapter log = Context.GetLogger();
            Receive<string>(text => log.Info(text));
            Receive<Exception>(e => throw e);
        }
    }
}

/// <summary>A logger as an application writes it.</summary>
public sealed class RecordingLogger : ReceiveActor
{
    private static readonly ConcurrentDictionary<ActorSystem, ConcurrentQueue<LogEvent>> Records = new();

    public RecordingLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        ConcurrentQueue<LogEvent> events = Records.GetOrAdd(Context.System, _ => new());
        Receive<LogEvent>(events.Enqueue);
    }

    public static IEnumerable<LogEvent> Events(ActorSystem system) => Records[system];
}
