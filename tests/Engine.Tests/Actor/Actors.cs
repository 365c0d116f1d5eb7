using Akka.Actor;

namespace Engine.Tests.Actor;

/// <summary>Calls the functions that it gets, in its own context, and reports its life to a reference.</summary>
internal sealed class Puppet : ReceiveActor
{
    private readonly IActorRef? _reports;
    private readonly SupervisorStrategy? _strategy;

    public Puppet(IActorRef? reports = null, SupervisorStrategy? strategy = null)
    {
        _reports = reports;
        _strategy = strategy;
        Instance = Interlocked.Increment(ref _instances);
        Receive<Action<Puppet>>(action => action(this));
        Receive<Exception>(e => throw e);
        Receive<Terminated>(t => _reports?.Tell(new Died(t.ActorRef)));
    }

    private static int _instances;

    public int Instance { get; }

    public IActorContext Cell => Context;

    public new IActorRef Self => base.Self;

    public new IActorRef Sender => base.Sender;

    protected override SupervisorStrategy SupervisorStrategy() => _strategy ?? base.SupervisorStrategy();

    protected override void PreStart()
    {
        _reports?.Tell($"{Self.Path.Name} PreStart");
        base.PreStart();
    }

    protected override void PostStop()
    {
        _reports?.Tell($"{Self.Path.Name} PostStop");
        base.PostStop();
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        _reports?.Tell($"{Self.Path.Name} PreRestart {reason.Message} {(message is null ? "null" : message.GetType().Name)}");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _reports?.Tell($"{Self.Path.Name} PostRestart {reason.Message}");
        base.PostRestart(reason);
    }
}

/// <summary>A puppet got <see cref="Terminated"/>, which must not be passed on as it is.</summary>
internal sealed record Died(IActorRef Actor);

/// <summary>Helps tests talk to a <see cref="Puppet"/>.</summary>
internal static class PuppetExtensions
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs code in the actor.</summary>
    internal static void Do(this IActorRef puppet, Action<Puppet> action) => puppet.Tell(action);

    /// <summary>Runs code in the actor and waits for its result.</summary>
    internal static Task<T> Get<T>(this IActorRef puppet, Func<Puppet, T> function)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        puppet.Do(p =>
        {
            try
            {
                result.SetResult(function(p));
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task.WaitAsync(Patience);
    }

    /// <summary>Makes a child that is a puppet too.</summary>
    internal static Task<IActorRef> Child(this IActorRef puppet, IActorRef? reports, string? name = null, SupervisorStrategy? strategy = null) =>
        puppet.Get(p => p.Cell.ActorOf(Props.Create(() => new Puppet(reports, strategy)), name));
}
