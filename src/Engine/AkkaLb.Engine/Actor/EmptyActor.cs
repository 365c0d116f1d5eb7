using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>Handles nothing.</summary>
internal sealed class EmptyActor : ActorBase
{
    protected override bool Receive(object message) => false;
}
