using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Serialization;

namespace AkkaLb.Engine;

/// <summary>Sends every user message through its serialiser and back, so that tests see what cannot cross a node.</summary>
internal sealed class SerializingActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, IInternalActorRef supervisor, ActorPath path)
    : LocalActorRef(system, props, dispatcher, supervisor, path), ICanTell
{
    void ICanTell.Tell(object message, IActorRef? sender) => TellInternal(message, sender);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is null) { throw new InvalidMessageException("Message is null."); }
        base.TellInternal(message is INoSerializationVerificationNeeded or IAutoReceivedMessage ? message : RoundTrip(message), sender);
    }

    private object RoundTrip(object message)
    {
        Akka.Serialization.Serialization serialization = Cell.System.Serialization;
        Serializer serializer = serialization.FindSerializerFor(message);
        byte[] bytes = Akka.Serialization.Serialization.WithTransport((ExtendedActorSystem)Cell.System, () => serializer.ToBinary(message));
        return serialization.Deserialize(bytes, serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message));
    }
}
