using Akka.Actor;
using Akka.Event;

namespace AkkaLb.Engine;

/// <summary>Logs unhandled messages at debug level; started by <c>akka.actor.debug.unhandled</c>.</summary>
internal sealed class UnhandledMessageForwarder : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage unhandled) { return false; }
        Context.System.EventStream.Publish(new Debug(
            unhandled.Recipient.Path.ToString(),
            unhandled.Recipient.GetType(),
            $"Unhandled message from {unhandled.Sender.Path} : {unhandled.Message}"));
        return true;
    }
}
