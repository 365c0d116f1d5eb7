using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Actor.Internal;

namespace AkkaLb.Engine;

/// <summary>Why a cell waits for the end of children.</summary>
internal enum WaitReason
{
    /// <summary>It does not wait.</summary>
    None,

    /// <summary>A child was stopped by its parent's code.</summary>
    UserRequest,

    /// <summary>The actor is to be created again after its creation failed.</summary>
    Creation,

    /// <summary>The actor is to be restarted.</summary>
    Recreation,

    /// <summary>The actor is to end.</summary>
    Termination,
}

/// <summary>How the end of a cell goes on.</summary>
internal enum TerminationStep
{
    /// <summary>No child is left.</summary>
    Finish,

    /// <summary>Children are ending.</summary>
    Wait,

    /// <summary>Another thread has made a child meanwhile.</summary>
    StopAgain,
}

/// <summary>The children of one cell. Names may be reserved and looked up from any thread.</summary>
internal sealed class ChildrenContainer
{
    /// <summary>That of every cell that ended without ever having a child.</summary>
    internal static readonly ChildrenContainer Terminated = new() { IsTerminated = true };

    // A null value is a name that is reserved while its child is being made.
    private readonly Dictionary<string, IInternalActorRef?> _byName = new(StringComparer.Ordinal);
    private Dictionary<string, ChildRestartStats>? _stats;
    private HashSet<IActorRef>? _dying;
    private Exception? _cause;
    private long _nameCounter;

    internal WaitReason Reason { get; private set; }

    internal bool IsTerminated { get; private set; }

    internal bool IsTerminating => IsTerminated || Reason == WaitReason.Termination;

    /// <summary>True unless the cell waits for its children to go on with its own life.</summary>
    internal bool IsNormal => !IsTerminated && Reason <= WaitReason.UserRequest;

    internal bool IsWaiting => Reason is WaitReason.Creation or WaitReason.Recreation;

    /// <summary>Why the actor restarts, while <see cref="Reason"/> is <see cref="WaitReason.Recreation"/>.</summary>
    internal Exception? Cause => _cause;

    /// <summary>Reserves a name, or a new one when it is null.</summary>
    internal string Reserve(string? name, ActorPath parent)
    {
        lock (_byName)
        {
            if (IsTerminating)
            {
                throw new InvalidOperationException($"Cannot create child while terminating or terminated: {parent}");
            }
            name ??= ActorNames.Automatic(_nameCounter++);
            return _byName.TryAdd(name, null)
                ? name
                : throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
        }
    }

    internal void Unreserve(string name)
    {
        lock (_byName)
        {
            if (_byName.TryGetValue(name, out IInternalActorRef? child) && child is null) { _byName.Remove(name); }
        }
    }

    /// <summary>Fills a reserved name; false when the cell has begun to end in the meantime, so that the child must be stopped.</summary>
    internal bool Add(string name, IInternalActorRef child)
    {
        lock (_byName)
        {
            _byName[name] = child;
            if (!IsTerminating) { return true; }
            (_dying ??= []).Add(child);
            return false;
        }
    }

    internal IInternalActorRef? ByName(string name)
    {
        lock (_byName) { return _byName.GetValueOrDefault(name); }
    }

    /// <summary>True when this very incarnation is a child.</summary>
    internal bool Contains(IActorRef child)
    {
        lock (_byName) { return _byName.TryGetValue(child.Path.Name, out IInternalActorRef? found) && child.Equals(found); }
    }

    internal IInternalActorRef[] Snapshot()
    {
        lock (_byName)
        {
            int count = 0;
            IInternalActorRef[] children = new IInternalActorRef[_byName.Count];
            foreach (IInternalActorRef? child in _byName.Values)
            {
                if (child is not null) { children[count++] = child; }
            }
            return count == children.Length ? children : children[..count];
        }
    }

    /// <summary>The restart statistics of a child, made at its first failure.</summary>
    internal bool TryGetStats(IActorRef child, [NotNullWhen(true)] out ChildRestartStats? stats)
    {
        lock (_byName)
        {
            stats = null;
            string name = child.Path.Name;
            if (!_byName.TryGetValue(name, out IInternalActorRef? found) || !child.Equals(found)) { return false; }
            stats = Stats(name, found!);
            return true;
        }
    }

    internal IReadOnlyCollection<ChildRestartStats> AllStats()
    {
        lock (_byName)
        {
            List<ChildRestartStats> all = new(_byName.Count);
            foreach ((string name, IInternalActorRef? child) in _byName)
            {
                if (child is not null) { all.Add(Stats(name, child)); }
            }
            return all;
        }
    }

    private ChildRestartStats Stats(string name, IInternalActorRef child)
    {
        _stats ??= new(StringComparer.Ordinal);
        if (!_stats.TryGetValue(name, out ChildRestartStats? stats))
        {
            stats = new ChildRestartStats(child);
            _stats.Add(name, stats);
        }
        return stats;
    }

    /// <summary>Notes that a child has been told to stop.</summary>
    internal void ShallDie(IActorRef child)
    {
        lock (_byName)
        {
            (_dying ??= []).Add(child);
            if (Reason == WaitReason.None) { Reason = WaitReason.UserRequest; }
        }
    }

    /// <summary>Makes the end of the dying children the reason to go on; false when none is dying.</summary>
    internal bool SetReason(WaitReason reason, Exception? cause)
    {
        lock (_byName)
        {
            if (_dying is null || _dying.Count == 0) { return false; }
            Reason = reason;
            _cause = cause;
            return true;
        }
    }

    /// <summary>Begins the end of a cell whose known children have been stopped: nothing to wait for, wait, or stop again those that came meanwhile.</summary>
    internal TerminationStep BeginTermination()
    {
        lock (_byName)
        {
            foreach (IInternalActorRef? child in _byName.Values)
            {
                if (child is not null && _dying?.Contains(child) != true) { return TerminationStep.StopAgain; }
            }
            if (_dying is { Count: > 0 })
            {
                Reason = WaitReason.Termination;
                _cause = null;
                return TerminationStep.Wait;
            }
            IsTerminated = true;
            return TerminationStep.Finish;
        }
    }

    /// <summary>Takes a dead child out; gives the reason that is fulfilled by it.</summary>
    internal WaitReason Remove(IActorRef child, out Exception? cause)
    {
        lock (_byName)
        {
            cause = null;
            if (_byName.TryGetValue(child.Path.Name, out IInternalActorRef? found) && child.Equals(found))
            {
                _byName.Remove(child.Path.Name);
                _stats?.Remove(child.Path.Name);
            }
            if (Reason == WaitReason.None) { return WaitReason.None; }
            _dying!.Remove(child);
            if (_dying.Count > 0) { return WaitReason.None; }
            WaitReason fulfilled = Reason;
            cause = _cause;
            Reason = WaitReason.None;
            _cause = null;
            if (fulfilled == WaitReason.Termination) { IsTerminated = true; }
            return fulfilled;
        }
    }

    /// <summary>Ends the container whatever it holds.</summary>
    internal void SetTerminated()
    {
        lock (_byName)
        {
            IsTerminated = true;
            Reason = WaitReason.None;
        }
    }
}
