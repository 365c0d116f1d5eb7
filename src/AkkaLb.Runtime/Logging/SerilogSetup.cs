using Akka.Actor.Setup;
using Akka.Configuration;
using Serilog;

namespace AkkaLb.Runtime.Logging;

/// <summary>Gives an actor system the Serilog logger that <see cref="SerilogLogger"/> writes to.</summary>
public sealed class SerilogSetup(ILogger logger) : Setup
{
    public ILogger Logger { get; } = logger;

    /// <summary>Makes <see cref="SerilogLogger"/> the only logger of a system.</summary>
    public static Config LoggerConfig { get; } = ConfigurationFactory.ParseString(
        $$"""
        akka {
          loggers = ["{{typeof(SerilogLogger).AssemblyQualifiedName}}"]
          stdout-loglevel = OFF
          loglevel = INFO
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
        }
        """);
}
