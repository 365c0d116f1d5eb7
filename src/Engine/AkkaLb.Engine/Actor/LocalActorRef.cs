using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A reference that has a cell with children.</summary>
public abstract class ActorRefWithCell : InternalActorRefBase
{
    /// <summary>The children at this moment.</summary>
    public abstract IEnumerable<IActorRef> Children { get; }

    /// <summary>One child, or <see cref="Nobody"/>.</summary>
    public abstract IInternalActorRef GetSingleChild(string name);
}

/// <summary>The reference of an actor in this process.</summary>
public class LocalActorRef : ActorRefWithCell, ICanTell
{
    private readonly ActorPath _path;
    private readonly ActorCell _cell;

    internal LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, IInternalActorRef supervisor, ActorPath path)
    {
        _path = path;
        _cell = NewActorCell(system, this, props, dispatcher, supervisor);
    }

    /// <summary>Makes the cell; called from the constructor.</summary>
    internal virtual ActorCell NewActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef supervisor) =>
        new(system, self, props, dispatcher, supervisor);

    internal ActorCell Cell => _cell;

    /// <inheritdoc />
    public override ActorPath Path => _path;

    /// <inheritdoc />
    public override IInternalActorRef Parent => _cell.Parent;

    /// <inheritdoc />
    public override IActorRefProvider Provider => _cell.SystemImpl.Provider;

    /// <inheritdoc />
    public override bool IsTerminated => _cell.IsTerminated;

    /// <inheritdoc />
    public override bool IsLocal => true;

    /// <inheritdoc />
    public override IEnumerable<IActorRef> Children => _cell.GetChildren();

    void ICanTell.Tell(object message, IActorRef? sender)
    {
        if (message is null) { throw new InvalidMessageException("Message is null."); }
        _cell.EnqueueUser(message, sender);
    }

    /// <inheritdoc />
    protected override void TellInternal(object message, IActorRef? sender) => _cell.EnqueueUser(message, sender);

    /// <inheritdoc />
    public override void SendSystemMessage(ISystemMessage message) => _cell.EnqueueSystem((SystemMessage)message);

    /// <inheritdoc />
    public override void Start() => _cell.Start();

    /// <inheritdoc />
    public override void Stop() => _cell.EnqueueSystem(new Terminate());

    /// <inheritdoc />
    public override void Restart(Exception? cause) => _cell.EnqueueSystem(new Recreate(cause));

    /// <inheritdoc />
    public override void Suspend() => _cell.EnqueueSystem(new Suspend());

    /// <inheritdoc />
    public override void Resume(Exception? causedByFailure = null) => _cell.EnqueueSystem(new Resume(causedByFailure));

    /// <inheritdoc />
    public override IInternalActorRef GetSingleChild(string name) => _cell.GetSingleChild(name);

    /// <inheritdoc />
    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IInternalActorRef current = this;
        for (int i = 0; i < name.Count; i++)
        {
            switch (name[i])
            {
                case "":
                    continue;
                case "..":
                    current = current.Parent;
                    break;
                default:
                    if (current is not ActorRefWithCell parent) { return current.GetChild(name.Skip(i).ToArray()); }
                    current = parent.GetSingleChild(name[i]);
                    break;
            }
            if (current.IsNobody()) { return ActorRefs.Nobody; }
        }
        return current;
    }
}
