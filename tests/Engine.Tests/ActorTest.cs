using Akka.Configuration;

namespace Engine.Tests;

/// <summary>A contract test whose log is heard by event filters.</summary>
public abstract class ActorTest(Config? config = null) : EngineTest((config ?? Config.Empty).WithFallback(Heard))
{
    private static Config Heard => ConfigurationFactory.ParseString(
        "akka { loglevel = INFO, loggers = [\"Akka.TestKit.TestEventListener, Akka.TestKit\"] }");
}
