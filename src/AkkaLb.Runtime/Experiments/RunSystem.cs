using Akka.Configuration;
using AkkaLb.Runtime.Logging;

namespace AkkaLb.Runtime.Experiments;

/// <summary>The actor system in which a run plays, whatever its family.</summary>
internal static class RunSystem
{
    // A crash of the experiment itself ends the run instead of starting it anew.
    public static readonly Config Defaults = ConfigurationFactory
        .ParseString("akka.actor.guardian-supervisor-strategy = \"Akka.Actor.StoppingSupervisorStrategy\"")
        .WithFallback(SerilogSetup.LoggerConfig);
}
