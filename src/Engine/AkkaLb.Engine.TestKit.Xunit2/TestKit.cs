using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2.Internals;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>A test class with an actor system, for xunit; the system ends with the test.</summary>
public class TestKit : TestKitBase, IDisposable
{
    private bool disposed;

    /// <summary>Logs to <paramref name="output"/> if given.</summary>
    protected readonly ITestOutputHelper? Output;

    /// <summary>A test of an existing actor system.</summary>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : base(Assertions, system ?? ActorSystem.Create("test", DefaultConfig)) => InitializeLogger(Sys, Output = output);

    /// <summary>A test with an actor system of its own.</summary>
    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName) => InitializeLogger(Sys, Output = output);

    /// <summary>A test with an actor system of its own.</summary>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName) => InitializeLogger(Sys, Output = output);

    /// <summary>A test with an actor system of its own.</summary>
    public TestKit(string config, ITestOutputHelper? output = null)
        : base(Assertions, ConfigurationFactory.ParseString(config)) => InitializeLogger(Sys, Output = output);

    /// <summary>How failures are reported.</summary>
    protected static XunitAssertions Assertions { get; } = new();

    /// <summary>Runs before the actor system is shut down.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Lets a system log to the test's output.</summary>
    protected void InitializeLogger(ActorSystem system) => InitializeLogger(system, Output);

    /// <summary>Terminates the actor system and waits for its end.</summary>
    /// <exception cref="TimeoutException">The system did not end; the message names the actors that are still alive.</exception>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Terminates the actor system and waits for its end.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposed)
        {
            return;
        }
        disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            Shutdown(verifySystemShutdown: true);
        }
    }

    private static void InitializeLogger(ActorSystem system, ITestOutputHelper? output)
    {
        if (output is null)
        {
            return;
        }
        IActorRef logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new TestOutputLogger(output)), "log-test");
        logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
    }
}
