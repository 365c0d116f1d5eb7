using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;

namespace AkkaLb.Engine;

/// <summary>How a write ended.</summary>
internal sealed class WriteAnswer(WriteMessages request)
{
    internal WriteMessages Request => request;

    /// <summary>Why nobody knows what is stored; null otherwise.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>For each atomic write null or why it was refused; null when all are stored.</summary>
    internal IImmutableList<Exception?>? Refusals { get; set; }

    internal bool IsComplete { get; set; }
}

/// <summary>Sends answers in the order of their requests.</summary>
internal sealed class AnswerOrder
{
    private readonly Queue<WriteAnswer> _expected = new();

    internal WriteAnswer Expect(WriteMessages request)
    {
        WriteAnswer answer = new(request);
        lock (_expected) { _expected.Enqueue(answer); }
        return answer;
    }

    internal void Complete(WriteAnswer answer)
    {
        lock (_expected)
        {
            answer.IsComplete = true;
            while (_expected.TryPeek(out WriteAnswer? first) && first.IsComplete) { Send(_expected.Dequeue()); }
        }
    }

    private static void Send(WriteAnswer answer)
    {
        WriteMessages request = answer.Request;
        IActorRef actor = request.PersistentActor;
        actor.Tell(
            answer.Failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(answer.Failure, request.Messages.Count(m => m is AtomicWrite)),
            ActorRefs.NoSender);
        int index = 0;
        foreach (IPersistentEnvelope envelope in request.Messages)
        {
            if (envelope is not AtomicWrite write)
            {
                actor.Tell(new LoopMessageSuccess(envelope.Payload, request.ActorInstanceId), envelope.Sender);
                continue;
            }
            Exception? refusal = answer.Refusals?[index++];
            foreach (IPersistentRepresentation each in write.Events)
            {
                object message = answer.Failure is { } failure ? new WriteMessageFailure(each, failure, request.ActorInstanceId)
                    : refusal is not null ? new WriteMessageRejected(each, refusal, request.ActorInstanceId)
                    : new WriteMessageSuccess(each, request.ActorInstanceId);
                actor.Tell(message, each.Sender);
            }
        }
    }
}
