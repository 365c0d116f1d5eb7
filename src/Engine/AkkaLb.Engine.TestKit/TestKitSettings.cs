using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The settings below <c>akka.test</c>.</summary>
public sealed class TestKitSettings : IExtension
{
    /// <summary>Reads the settings of a configuration.</summary>
    public TestKitSettings(Config config)
    {
        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", TimeSpan.FromSeconds(5), allowInfinite: false);
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", TimeSpan.FromSeconds(3), allowInfinite: false);
        TestEventFilterLeeway = config.GetTimeSpan("akka.test.filter-leeway", TimeSpan.FromSeconds(3), allowInfinite: false);
        TestTimeFactor = config.GetDouble("akka.test.timefactor", 1);
        if (TestTimeFactor <= 0)
        {
            throw new ConfigurationException("'akka.test.timefactor' must be positive");
        }
    }

    /// <summary>How long latches and barriers wait (<c>default-timeout</c>).</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long a single expectation waits outside Within (<c>single-expect-default</c>).</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long an event filter waits after its block (<c>filter-leeway</c>).</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>By how much given durations are stretched (<c>timefactor</c>, positive).</summary>
    public double TestTimeFactor { get; }
}

/// <summary>Gives an actor system its <see cref="TestKitSettings"/>.</summary>
public sealed class TestKitExtension : ExtensionIdProvider<TestKitSettings>
{
    /// <summary>The settings of a system.</summary>
    public static TestKitSettings For(ActorSystem system) => system.GetExtension<TestKitSettings>() ?? (TestKitSettings)system.RegisterExtension(new TestKitExtension());

    /// <inheritdoc/>
    public override TestKitSettings CreateExtension(ExtendedActorSystem system) => new(system.Settings.Config);
}
