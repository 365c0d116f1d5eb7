namespace Akka.Actor;

/// <summary>Keeps messages for later.</summary>
public interface IStash
{
    /// <summary>Messages kept.</summary>
    int Count { get; }

    /// <summary>True when no message is kept.</summary>
    bool IsEmpty { get; }

    /// <summary>True when a message is kept.</summary>
    bool NonEmpty { get; }

    /// <summary>True when no more can be kept.</summary>
    bool IsFull { get; }

    /// <summary>Messages that can be kept, -1 for no bound.</summary>
    int Capacity { get; }

    /// <summary>Keeps the message in hand; throws <see cref="IllegalActorStateException"/> the second time.</summary>
    void Stash();

    /// <summary>Puts the oldest kept message in front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all kept messages in front of the mailbox, oldest first.</summary>
    void UnstashAll();

    /// <summary>Puts the kept messages that match in front of the mailbox; the others are dropped.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Takes all kept messages out.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages in front of the kept ones.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor with a stash; the engine sets it before the constructor's end is seen by anybody.</summary>
public interface IActorStash
{
    /// <summary>The stash.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash of the capacity in its props, unbounded by default.</summary>
public interface IWithStash : IActorStash;

/// <summary>An actor with an unbounded stash.</summary>
public interface IWithUnboundedStash : IWithStash;

/// <summary>An actor with an unbounded stash and any mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash;
