using AkkaLb.Engine;

namespace Akka.Actor;

internal partial class ActorCell
{
    private static readonly IInternalActorRef[] NoChildren = [];

    private ChildrenContainer? _children;

    private ChildrenContainer Children =>
        _children ?? Interlocked.CompareExchange(ref _children, new ChildrenContainer(), null) ?? _children;

    private bool IsTerminating => _children?.IsTerminating == true;

    private bool IsNormal => _children?.IsNormal != false;

    public IActorRef ActorOf(Props props, string? name = null)
    {
        if (name is not null) { ActorNames.Check(name); }
        return AttachChild(props, name);
    }

    /// <summary>Makes a child; a null name becomes an automatic one. Safe to call from any thread.</summary>
    internal IInternalActorRef AttachChild(Props props, string? name)
    {
        ChildrenContainer children = Children;
        name = children.Reserve(name, _self.Path);
        LocalActorRef child;
        try
        {
            child = _system.MakeActor(props, _self, new ChildActorPath(_self.Path, name, _system.NextUid()));
        }
        catch
        {
            children.Unreserve(name);
            throw;
        }
        AttachChild(child);
        return child;
    }

    /// <summary>Takes over a child whose name is reserved, and lets it begin.</summary>
    internal void AttachChild(IInternalActorRef child)
    {
        bool inTime = Children.Add(child.Path.Name, child);
        if (_failed && ReferenceEquals(Current, this)) { child.Suspend(); }
        child.Start();
        if (!inTime) { child.Stop(); }
    }

    /// <summary>Reserves a name for a child that is attached later.</summary>
    internal string ReserveChild(string name) => Children.Reserve(name, _self.Path);

    public IActorRef Child(string name) => GetSingleChild(name);

    IEnumerable<IActorRef> IActorContext.GetChildren() => GetChildren();

    internal IInternalActorRef[] GetChildren() => _children?.Snapshot() ?? NoChildren;

    private IEnumerable<IInternalActorRef> ChildrenWhenAsked()
    {
        foreach (IInternalActorRef child in GetChildren()) { yield return child; }
    }

    internal IInternalActorRef GetSingleChild(string name)
    {
        int hash = name.IndexOf('#');
        if (hash < 0) { return _children?.ByName(name) ?? ActorRefs.Nobody; }
        IInternalActorRef? child = _children?.ByName(name[..hash]);
        return child is not null && long.TryParse(name.AsSpan(hash + 1), out long uid) && child.Path.Uid == uid
            ? child
            : ActorRefs.Nobody;
    }

    public void Stop(IActorRef child)
    {
        if (_children is { } children && children.Contains(child)) { children.ShallDie(child); }
        ((IInternalActorRef)child).Stop();
    }

    /// <summary>Unwatches and stops every child.</summary>
    internal void StopAllChildren()
    {
        foreach (IInternalActorRef child in GetChildren())
        {
            Unwatch(child);
            Stop(child);
        }
    }

    private void SuspendChildren(IActorRef? except)
    {
        foreach (IInternalActorRef child in GetChildren())
        {
            if (!child.Equals(except)) { child.Suspend(); }
        }
    }

    private void ResumeChildren(Exception? cause, IActorRef? perpetrator)
    {
        foreach (IInternalActorRef child in GetChildren())
        {
            child.Resume(child.Equals(perpetrator) ? cause : null);
        }
    }
}
