using System.Collections.Concurrent;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>The references of one process.</summary>
internal sealed class LocalActorRefProvider : IActorRefProvider
{
    private readonly ActorSystemImpl _system;
    private readonly TempContainerRef _temp;
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, IInternalActorRef> _extraNames = new();
    private long _tempCounter;

    internal LocalActorRefProvider(ActorSystemImpl system)
    {
        _system = system;
        DefaultAddress = new Address("akka", system.Name);
        RootPath = new RootActorPath(DefaultAddress);
        DeadLetterRef = new DeadLetterActorRef(this, RootPath / "deadLetters", system.EventStream);
        _temp = new TempContainerRef(this, RootPath / "temp");
        _extraNames["temp"] = _temp;
        _extraNames["deadLetters"] = DeadLetterRef;
    }

    internal DeadLetterActorRef DeadLetterRef { get; }

    internal EventStream EventStream => _system.EventStream;

    public LocalActorRef RootCell { get; private set; } = null!;
    public IInternalActorRef RootGuardian => RootCell;
    public LocalActorRef Guardian { get; private set; } = null!;
    public LocalActorRef SystemGuardian { get; private set; } = null!;
    public IActorRef DeadLetters => DeadLetterRef;
    public ActorPath RootPath { get; }
    public Settings Settings => _system.Settings;
    public Address DefaultAddress { get; }
    public IInternalActorRef TempContainer => _temp;
    public Task TerminationTask => _terminated.Task;

    /// <summary>Makes the guardians; called once the system can make actors.</summary>
    internal void Start()
    {
        OutsideRef outside = new(this, RootPath / "bubble-walker", _terminated);
        RootCell = _system.MakeActor(RootGuardianActor.Props, outside, RootPath);
        RootCell.Cell.ReserveChild("user");
        RootCell.Cell.ReserveChild("system");
        SupervisorStrategy strategy = SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        Guardian = _system.MakeActor(GuardianActor.Props.WithSupervisorStrategy(strategy), RootCell, (RootPath / "user").WithUid(_system.NextUid()));
        SystemGuardian = _system.MakeActor(Props.Create(() => new SystemGuardianActor(Guardian)), RootCell, (RootPath / "system").WithUid(_system.NextUid()));
        RootCell.Cell.AttachChild(Guardian);
        RootCell.Cell.AttachChild(SystemGuardian);
        RootCell.Start();
    }

    public ActorPath TempPath() => _temp.Path / ActorNames.Automatic(Interlocked.Increment(ref _tempCounter) - 1);

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _temp.Add(path.Name, actorRef);

    public void UnregisterTempActor(ActorPath path) => _temp.Remove(path.Name);

    public IActorRef RootGuardianAt(Address address) => address.Equals(DefaultAddress) ? RootGuardian : DeadLetters;

    public IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out ActorPath? parsed) && parsed.Address.Equals(DefaultAddress) ? ResolveActorRef(parsed) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (!actorPath.Address.Equals(DefaultAddress)) { return DeadLetters; }
        IReadOnlyList<string> elements = actorPath.Elements;
        if (elements.Count == 0) { return RootGuardian; }
        IActorRef found = ExtraName(elements[0]) is { } extra ? extra.GetChild(elements.Skip(1).ToArray()) : RootGuardian.GetChild(elements);
        return found.IsNobody() || (actorPath.Uid != 0 && found.Path.Uid != actorPath.Uid)
            ? new EmptyLocalActorRef(this, actorPath, EventStream)
            : found;
    }

    public Address? GetExternalAddressFor(Address address) => address.Equals(DefaultAddress) ? DefaultAddress : null;

    internal IInternalActorRef? ExtraName(string name) => _extraNames.GetValueOrDefault(name);

    /// <summary>The parent of the root: hears of its end and of its failure.</summary>
    private sealed class OutsideRef(LocalActorRefProvider provider, ActorPath path, TaskCompletionSource terminated) : MinimalActorRef
    {
        public override ActorPath Path => path;

        public override IActorRefProvider Provider => provider;

        public override void SendSystemMessage(ISystemMessage message)
        {
            switch (message)
            {
                case Failed failed:
                    provider.EventStream.Publish(new Error(failed.Cause, path.ToString(), typeof(RootGuardianActor), "guardian failed, shutting down system"));
                    provider.RootCell.Stop();
                    break;
                case DeathWatchNotification:
                    terminated.TrySetResult();
                    break;
            }
        }
    }

    /// <summary>Holds the references of questions whose paths were asked for.</summary>
    private sealed class TempContainerRef(LocalActorRefProvider provider, ActorPath path) : MinimalActorRef
    {
        private readonly ConcurrentDictionary<string, IInternalActorRef> _children = new();

        public override ActorPath Path => path;

        public override IActorRefProvider Provider => provider;

        public override IInternalActorRef Parent => provider.RootGuardian;

        internal void Add(string name, IInternalActorRef child) => _children[name] = child;

        internal void Remove(string name) => _children.TryRemove(name, out _);

        public override IActorRef GetChild(IReadOnlyList<string> name) =>
            name.Count == 0 ? this : _children.GetValueOrDefault(name[0])?.GetChild(name.Skip(1).ToArray()) ?? ActorRefs.Nobody;

        protected override void TellInternal(object message, IActorRef? sender)
        {
            if (message is ActorSelectionMessage { Elements: [SelectChildName child] } selection && _children.TryGetValue(child.Name, out IInternalActorRef? found))
            {
                found.Tell(selection.Message, sender);
            }
            else
            {
                provider.DeadLetterRef.Deliver(message, sender, this);
            }
        }
    }
}

/// <summary>What the engine needs of a provider beside its public face.</summary>
internal static class ProviderExtensions
{
    internal static DeadLetterActorRef DeadLetterRef(this IActorRefProvider provider) => (DeadLetterActorRef)provider.DeadLetters;

    internal static EventStream Events(this IActorRefProvider provider) => provider.Settings.System.EventStream;

    internal static IInternalActorRef? ExtraName(this IActorRefProvider provider, string name) => (provider as LocalActorRefProvider)?.ExtraName(name);
}
