using Akka.Actor;

namespace AkkaLb.Agents.Tests.Crashes;

/// <summary>
/// An actor whose instance the test knows, on the dispatcher that it always has. (A TestActorRef runs on whatever thread tells it
/// something; its journal's and the test's then miss each other now and then.) Its state may be looked at when it has answered and is told
/// nothing.
/// </summary>
internal sealed class KnownActor<T>(Func<T> make) : IIndirectActorProducer
    where T : ActorBase
{
    private T? _actor;

    /// <summary>The last that was started.</summary>
    public T Actor => _actor!;

    public Type ActorType => typeof(T);

    public ActorBase Produce() => _actor = make();

    public void Release(ActorBase actor)
    {
    }
}
