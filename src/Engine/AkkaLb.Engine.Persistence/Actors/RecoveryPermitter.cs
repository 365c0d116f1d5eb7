using Akka.Actor;
using Akka.Persistence;

namespace AkkaLb.Engine;

/// <summary>Lets so many actors recover at once, so that the start of many does not overrun the journal.</summary>
internal sealed class RecoveryPermitter : UntypedActor
{
    private readonly int _permits;
    private readonly HashSet<IActorRef> _holders = [];
    private readonly LinkedList<IActorRef> _waiting = new();

    public RecoveryPermitter(int permits) => _permits = permits;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestRecoveryPermit:
                Context.Watch(Sender);
                if (_holders.Contains(Sender)) { Sender.Tell(RecoveryPermitGranted.Instance); }
                else if (_holders.Count < _permits) { Grant(Sender); }
                else { _waiting.AddLast(Sender); }
                break;
            case ReturnRecoveryPermit:
                Release(Sender);
                break;
            case Terminated terminated:
                if (!_waiting.Remove(terminated.ActorRef)) { Release(terminated.ActorRef); }
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Release(IActorRef holder)
    {
        Context.Unwatch(holder);
        if (!_holders.Remove(holder) || _waiting.First is not { } next) { return; }
        _waiting.RemoveFirst();
        Grant(next.Value);
    }

    private void Grant(IActorRef actor)
    {
        _holders.Add(actor);
        actor.Tell(RecoveryPermitGranted.Instance);
    }
}
