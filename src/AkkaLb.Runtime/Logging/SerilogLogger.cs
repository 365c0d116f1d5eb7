using Akka.Actor;
using Akka.Event;
using Serilog;
using Serilog.Events;

namespace AkkaLb.Runtime.Logging;

/// <summary>Passes the log events of an actor system on to Serilog, message template and properties kept apart.</summary>
public sealed class SerilogLogger : ReceiveActor
{
    private readonly ILogger _logger;

    public SerilogLogger()
    {
        Akka.Util.Option<SerilogSetup> setup = Context.System.Settings.Setup.Get<SerilogSetup>();
        _logger = setup.HasValue ? setup.Value.Logger : Log.Logger;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<Error>(e => Write(e, LogEventLevel.Error));
        Receive<Warning>(e => Write(e, LogEventLevel.Warning));
        Receive<Info>(e => Write(e, LogEventLevel.Information));
        Receive<Debug>(e => Write(e, LogEventLevel.Debug));
    }

    private void Write(Akka.Event.LogEvent e, LogEventLevel level)
    {
        ILogger logger = _logger.ForContext("LogSource", e.LogSource);
        if (e.Message is LogMessage message)
        {
            logger.Write(level, e.Cause, message.Format, message.Parameters().ToArray());
        }
        else
        {
            logger.Write(level, e.Cause, "{Message:l}", e.Message);
        }
    }
}
