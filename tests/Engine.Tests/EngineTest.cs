using Akka.Configuration;

namespace Engine.Tests;

/// <summary>
/// A contract test: written against Akka.NET's public API, so that it holds on both engines. Nothing is logged,
/// because many of these tests make actors fail on purpose.
/// </summary>
public abstract class EngineTest(Config? config = null)
    : Akka.TestKit.Xunit2.TestKit((config ?? Config.Empty).SafeWithFallback(Quiet))
{
    /// <summary>How long a test listens for what must not come.</summary>
    protected static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(50);

    private static Config Quiet => ConfigurationFactory.ParseString("""
        akka {
          loggers = []
          loglevel = OFF
          stdout-loglevel = OFF
          # patience costs nothing as long as the tests pass
          test.single-expect-default = 20s
        }
        """);
}
