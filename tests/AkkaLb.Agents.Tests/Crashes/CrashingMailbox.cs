using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace AkkaLb.Agents.Tests.Crashes;

/// <summary>The mailbox of every actor of a system whose actors crash as its <see cref="CrashPlan"/> says.</summary>
public sealed class CrashingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<CrashingQueue>
{
    /// <summary>Gives every actor this mailbox.</summary>
    public static string Hocon { get; } = $$"""

        akka.actor {
          default-mailbox.mailbox-type = "{{typeof(CrashingMailbox).AssemblyQualifiedName}}"
          mailbox {
            crashing.mailbox-type = "{{typeof(CrashingMailbox).AssemblyQualifiedName}}"
            requirements {
              "Akka.Dispatch.IUnboundedDequeBasedMessageQueueSemantics" = akka.actor.mailbox.crashing
              "Akka.Dispatch.IDequeBasedMessageQueueSemantics" = akka.actor.mailbox.crashing
            }
          }
        }
        """;

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        owner is LocalActorRef or RepointableActorRef && system is not null && owner.Path.Elements.FirstOrDefault() == "user"
            ? new CrashingQueue(owner.Path.Name, CrashPlan.Of(system))
            : new UnboundedDequeMessageQueue();
}

/// <summary>Puts a message that makes the actor crash in the place of one, or behind it.</summary>
public sealed class CrashingQueue(string actor, CrashPlan plan) : IUnboundedDequeBasedMessageQueueSemantics, IMessageQueue
{
    private readonly UnboundedDequeMessageQueue _queue = new();
    private int _taken;
    private bool _crashes;

    public bool HasMessages => _crashes || _queue.HasMessages;

    public int Count => _queue.Count + (_crashes ? 1 : 0);

    public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(receiver, envelope);

    public void EnqueueFirst(Envelope envelope) => _queue.EnqueueFirst(envelope);

    public bool TryDequeue(out Envelope envelope)
    {
        if (_crashes)
        {
            _crashes = false;
            envelope = new Envelope(Kill.Instance, ActorRefs.NoSender);
            return true;
        }
        if (!_queue.TryDequeue(out envelope))
        {
            return false;
        }
        if (plan.Take(actor, ++_taken) is { } crash)
        {
            _crashes = crash.After;
            envelope = crash.After ? envelope : new Envelope(Kill.Instance, ActorRefs.NoSender);
        }
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);
}
