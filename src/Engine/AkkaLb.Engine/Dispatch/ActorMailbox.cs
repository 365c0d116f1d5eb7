using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AkkaLb.Engine;

/// <summary>
/// An unbounded queue with many producers and one consumer, merged with the run loop of its actor.
/// </summary>
/// <remarks>
/// <para><c>_head</c> is queue and scheduling state in one word: <see cref="Idle"/> (nothing queued, not scheduled),
/// null (scheduled or running, nothing queued), a chain of nodes, newest first (scheduled or running), or
/// <see cref="Closed"/>. A tell is one compare-and-swap; whoever replaces <see cref="Idle"/> schedules the run.
/// The consumer takes the whole chain at once and reverses it, which restores the order of sending.</para>
/// <para>A suspended mailbox keeps <c>_head</c> off <see cref="Idle"/>, so user messages do not schedule it, and sets
/// <c>_parked</c>, by which a system message wakes it.</para>
/// </remarks>
internal abstract class ActorMailbox : IRunnable
{
    private static readonly MessageNode Idle = new();
    private static readonly MessageNode Closed = new();
    private static readonly SystemMessage ClosedSystem = new Terminate();

    // Starts as scheduled: the cell's Start() makes the first run.
    private MessageNode? _head;
    private MessageNode? _inbox;
    private SystemMessage? _systemHead;
    private int _parked;
    private int _suspendCount;
    private readonly MessageDispatcher _dispatcher;

    protected ActorMailbox(MessageDispatcher dispatcher) => _dispatcher = dispatcher;

    public MessageDispatcher Dispatcher => _dispatcher;

    /// <summary>True from the moment the mailbox accepts no more messages.</summary>
    public bool IsClosed => ReferenceEquals(Volatile.Read(ref _head), Closed);

    /// <summary>True while user messages wait. Read in the actor's turn only.</summary>
    protected bool IsSuspended => _suspendCount > 0;

    /// <summary>The user messages queued at this moment; exact only in the actor's turn.</summary>
    public int NumberOfMessages
    {
        get
        {
            int count = 0;
            for (MessageNode? n = _inbox; n is not null; n = n.Next) { count++; }
            MessageNode? head = Volatile.Read(ref _head);
            if (ReferenceEquals(head, Idle) || ReferenceEquals(head, Closed)) { return count; }
            for (MessageNode? n = head; n is not null; n = n.Next) { count++; }
            return count;
        }
    }

    protected abstract void InvokeUser(object message, IActorRef? sender);

    protected abstract void InvokeSystem(SystemMessage message);

    protected abstract void UndeliveredUser(object message, IActorRef? sender);

    protected abstract void UndeliveredSystem(SystemMessage message);

    /// <summary>Queues a user message, and schedules the actor when it was idle.</summary>
    public void EnqueueUser(object message, IActorRef? sender)
    {
        WorkerState worker = WorkerState.Current;
        MessageNode node = worker.Rent(message, sender);
        MessageNode? head = Volatile.Read(ref _head);
        while (true)
        {
            if (ReferenceEquals(head, Closed))
            {
                UndeliveredUser(message, sender);
                return;
            }
            node.Next = ReferenceEquals(head, Idle) ? null : head;
            MessageNode? seen = Interlocked.CompareExchange(ref _head, node, head);
            if (ReferenceEquals(seen, head)) { break; }
            head = seen;
        }
        if (ReferenceEquals(head, Idle)) { _dispatcher.Execute(this, worker); }
    }

    /// <summary>Queues a system message, and wakes the actor when it is idle or parked.</summary>
    public void EnqueueSystem(SystemMessage message)
    {
        SystemMessage? head = Volatile.Read(ref _systemHead);
        while (true)
        {
            if (ReferenceEquals(head, ClosedSystem))
            {
                UndeliveredSystem(message);
                return;
            }
            message.Next = head;
            SystemMessage? seen = Interlocked.CompareExchange(ref _systemHead, message, head);
            if (ReferenceEquals(seen, head)) { break; }
            head = seen;
        }
        if (TryWake()) { _dispatcher.Execute(this, WorkerState.Current); }
    }

    public void Execute() => Run();

    /// <summary>Processes system messages, then up to a throughput of user messages.</summary>
    public void Run()
    {
        WorkerState worker = WorkerState.Current;
        ActorCell? previous = worker.Cell;
        // A cell is the only kind of mailbox.
        worker.Cell = Unsafe.As<ActorCell>(this);
        worker.Readied = 0;
        try
        {
            Process(worker);
        }
        finally
        {
            worker.Cell = previous;
        }
        Rest();
    }

    private void Process(WorkerState worker)
    {
        int left = _dispatcher.Throughput;
        long deadline = _dispatcher.DeadlineTicks;
        if (deadline > 0) { deadline += Stopwatch.GetTimestamp(); }
        while (true)
        {
            if (Volatile.Read(ref _systemHead) is not null && !ProcessSystem()) { return; }
            if (_suspendCount > 0 || left == 0) { return; }
            MessageNode? node = _inbox;
            if (node is null)
            {
                if (Volatile.Read(ref _head) is null) { return; }
                node = Reverse(Interlocked.Exchange(ref _head, null));
            }
            _inbox = node!.Next;
            object message = node.Message;
            IActorRef? sender = node.Sender;
            worker.Return(node);
            InvokeUser(message, sender);
            left--;
            if (deadline > 0 && Stopwatch.GetTimestamp() >= deadline) { left = 0; }
        }
    }

    /// <summary>Handles all queued system messages in order; false when the mailbox was closed by one of them.</summary>
    private bool ProcessSystem()
    {
        while (Volatile.Read(ref _systemHead) is not null)
        {
            SystemMessage? message = ReverseSystem(Interlocked.Exchange(ref _systemHead, null));
            while (message is not null)
            {
                SystemMessage? next = message.Next;
                message.Next = null;
                InvokeSystem(message);
                message = next;
                if (!IsClosed) { continue; }
                for (; message is not null; message = next)
                {
                    next = message.Next;
                    message.Next = null;
                    UndeliveredSystem(message);
                }
                return false;
            }
        }
        return true;
    }

    /// <summary>Leaves the run: closed, parked, scheduled again, or idle.</summary>
    private void Rest()
    {
        if (IsClosed) { return; }
        if (_suspendCount > 0)
        {
            Interlocked.Exchange(ref _parked, 1);
            if (Volatile.Read(ref _systemHead) is not null && Interlocked.CompareExchange(ref _parked, 0, 1) == 1)
            {
                _dispatcher.Yield(this);
            }
            return;
        }
        if (_inbox is null && Interlocked.CompareExchange(ref _head, Idle, null) is null)
        {
            // From here another thread may run this mailbox; only a system message that came before Idle was seen is ours.
            if (Volatile.Read(ref _systemHead) is null || !TryWake()) { return; }
        }
        _dispatcher.Yield(this);
    }

    /// <summary>Claims the run of an idle or parked mailbox.</summary>
    private bool TryWake()
    {
        if (ReferenceEquals(Volatile.Read(ref _head), Idle))
        {
            return ReferenceEquals(Interlocked.CompareExchange(ref _head, null, Idle), Idle);
        }
        return Volatile.Read(ref _parked) == 1 && Interlocked.CompareExchange(ref _parked, 0, 1) == 1;
    }

    /// <summary>Makes user messages wait; nests. Call in the actor's turn only.</summary>
    protected void SuspendMailbox() => _suspendCount++;

    /// <summary>Takes back one <see cref="SuspendMailbox"/>.</summary>
    protected void ResumeMailbox()
    {
        if (_suspendCount > 0) { _suspendCount--; }
    }

    /// <summary>Puts messages in front of all queued ones, keeping their order. Call in the actor's turn only.</summary>
    protected void PrependUser(IEnumerable<Envelope> envelopes)
    {
        WorkerState worker = WorkerState.Current;
        MessageNode? first = null;
        MessageNode? last = null;
        foreach (Envelope envelope in envelopes)
        {
            MessageNode node = worker.Rent(envelope.Message, envelope.Sender);
            node.Next = null;
            if (last is null) { first = node; }
            else { last.Next = node; }
            last = node;
        }
        if (last is null) { return; }
        last.Next = _inbox;
        _inbox = first;
    }

    /// <summary>Closes the mailbox; what is queued goes to the undelivered hooks. Call in the actor's turn only.</summary>
    protected void CloseMailbox()
    {
        MessageNode? rest = Interlocked.Exchange(ref _head, Closed);
        DrainUser(ref _inbox);
        rest = Reverse(rest);
        DrainUser(ref rest);
        SystemMessage? system = ReverseSystem(Interlocked.Exchange(ref _systemHead, ClosedSystem));
        while (system is not null)
        {
            SystemMessage? next = system.Next;
            system.Next = null;
            UndeliveredSystem(system);
            system = next;
        }
    }

    private void DrainUser(ref MessageNode? chain)
    {
        while (chain is { } node)
        {
            chain = node.Next;
            UndeliveredUser(node.Message, node.Sender);
        }
    }

    private static MessageNode? Reverse(MessageNode? chain)
    {
        MessageNode? reversed = null;
        while (chain is not null)
        {
            MessageNode? next = chain.Next;
            chain.Next = reversed;
            reversed = chain;
            chain = next;
        }
        return reversed;
    }

    private static SystemMessage? ReverseSystem(SystemMessage? chain)
    {
        SystemMessage? reversed = null;
        while (chain is not null)
        {
            SystemMessage? next = chain.Next;
            chain.Next = reversed;
            reversed = chain;
            chain = next;
        }
        return reversed;
    }
}
