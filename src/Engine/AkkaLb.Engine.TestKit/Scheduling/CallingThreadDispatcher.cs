using Akka.Configuration;
using Akka.Dispatch;
using AkkaLb.Engine;

namespace Akka.TestKit;

/// <summary>Makes the <see cref="CallingThreadDispatcher"/>.</summary>
public class CallingThreadDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly CallingThreadDispatcher dispatcher;

    /// <summary>Made by the actor system.</summary>
    public CallingThreadDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => dispatcher = new CallingThreadDispatcher(this);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => dispatcher;
}

/// <summary>Runs an actor on the thread that sends to it; a message to an actor that is at work waits for its turn.</summary>
public class CallingThreadDispatcher : MessageDispatcher
{
    /// <summary>The configuration path by which actors choose this dispatcher.</summary>
    public new const string Id = "akka.test.calling-thread-dispatcher";

    /// <summary>Made by its configurator.</summary>
    public CallingThreadDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator) => Throughput = int.MaxValue;

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run) => run.Run();
}
