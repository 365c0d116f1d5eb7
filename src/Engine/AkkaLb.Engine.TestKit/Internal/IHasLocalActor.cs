using Akka.Actor;

namespace AkkaLb.Engine.TestKit;

/// <summary>A reference of the test kit in front of a local actor.</summary>
internal interface IHasLocalActor
{
    LocalActorRef Actor { get; }
}
