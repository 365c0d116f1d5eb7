using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Answers messages in a test actor before the test looks at them.</summary>
public abstract class AutoPilot
{
    /// <summary>Sees a message; returns the pilot for the next one, <see cref="NoAutoPilot"/> to end, or <see cref="KeepRunning"/>.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);

    /// <summary>Ends the auto pilot.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>Keeps the present pilot.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;
}

/// <summary>Does nothing.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    /// <summary>The only instance.</summary>
    public static readonly NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>Stands for the pilot that returned it.</summary>
public sealed class KeepRunning : AutoPilot
{
    /// <summary>The only instance.</summary>
    public static readonly KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("KeepRunning is an answer of an auto pilot and must not be run");
}

/// <summary>What a <see cref="DelegateAutoPilot"/> runs.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>An auto pilot made of a function.</summary>
public sealed class DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) : AutoPilot
{
    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}
