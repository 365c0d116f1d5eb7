using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Tests.Network.Asynchronous;

/// <summary>
/// The mailbox of persistent actors in a system of tests: it crashes those of a run at messages that a seed chooses. The message is lost,
/// as if the actor had crashed over it.
/// </summary>
public sealed class CrashingMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<CrashingMailbox.Queue>
{
    private static readonly ConcurrentDictionary<string, CrashPlan> Plans = [];

    /// <summary>Makes it the mailbox of a system's persistent actors.</summary>
    public static Config Configuration { get; } = ConfigurationFactory.ParseString(
        $"akka.actor.mailbox.unbounded-deque-based.mailbox-type = \"{typeof(CrashingMailbox).AssemblyQualifiedName}\"");

    /// <summary>From now on actors of a run with such a name crash.</summary>
    public static void Plan(string run, CrashPlan plan) => Plans[run] = plan;

    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
    {
        string[] path = [.. owner.Path.Elements];
        return new Queue(path.Length > 2 && Plans.TryGetValue(path[1], out CrashPlan? plan) ? () => plan.IsCrash(path[^1]) : () => false);
    }

    /// <summary>One actor's.</summary>
    public sealed class Queue(Func<bool> isCrash) : IUnboundedDequeBasedMessageQueueSemantics, IMessageQueue
    {
        private readonly UnboundedDequeMessageQueue _messages = new();

        public bool HasMessages => _messages.HasMessages;

        public int Count => _messages.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) => _messages.Enqueue(receiver, envelope);

        public void EnqueueFirst(Envelope envelope) => _messages.EnqueueFirst(envelope);

        public bool TryDequeue(out Envelope envelope)
        {
            if (!_messages.TryDequeue(out envelope))
            {
                return false;
            }
            if (isCrash())
            {
                envelope = new Envelope(Kill.Instance, envelope.Sender);
            }
            return true;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _messages.CleanUp(owner, deadletters);
    }
}

/// <summary>Which of an actor's messages crash it: some, chosen by a seed for each actor, among its first ones.</summary>
/// <param name="crashes">Of each actor at most.</param>
/// <param name="among">Messages.</param>
public sealed class CrashPlan(ulong seed, int crashes, int among)
{
    private readonly ConcurrentDictionary<string, int> _messages = [];
    private readonly ConcurrentDictionary<string, HashSet<int>> _chosen = [];
    private int _done;

    /// <summary>Crashes so far.</summary>
    public int Done => _done;

    public bool IsCrash(string actor)
    {
        int message = _messages.AddOrUpdate(actor, 0, (_, last) => last + 1);
        if (!_chosen.GetOrAdd(actor, Choose).Contains(message))
        {
            return false;
        }
        Interlocked.Increment(ref _done);
        return true;
    }

    private HashSet<int> Choose(string actor)
    {
        RandomStream random = new(seed, $"crash/{actor}");
        return [.. Enumerable.Range(0, crashes).Select(_ => random.NextInt32(among))];
    }
}
