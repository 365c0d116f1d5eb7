using Akka.Actor;
using Akka.Event;

namespace Engine.Tests.Actor;

public sealed class AskTests : ActorTest
{
    private sealed class Replier : ReceiveActor
    {
        public Replier()
        {
            Receive<int>(i => Sender.Tell(i + 1));
            Receive<Exception>(e => Sender.Tell(new Status.Failure(e)));
            Receive<string>(_ => { });
            Receive<(string What, int Times)>(m =>
            {
                for (int i = 0; i < m.Times; i++) { Sender.Tell(m.What); }
            });
            Receive<IActorRef>(replyTo => replyTo.Tell("to the reference"));
            Receive<Func<IActorRef, object>>(f => Sender.Tell(f(Sender)));
        }
    }

    private readonly IActorRef _replier;

    public AskTests() => _replier = Sys.ActorOf(Props.Create(() => new Replier()));

    [Fact]
    public async Task Ask_Answered_Completes()
    {
        (await _replier.Ask<int>(1, PuppetExtensions.Patience)).ShouldBe(2);
        (await _replier.Ask(1, PuppetExtensions.Patience)).ShouldBe(2);
        (await _replier.Ask<int>(1)).ShouldBe(2);
        (await _replier.Ask<int>(1, CancellationToken.None)).ShouldBe(2);
        (await Sys.ActorSelection(_replier.Path).Ask<int>(1, PuppetExtensions.Patience)).ShouldBe(2);
    }

    [Fact]
    public async Task Ask_Failure_Faults() =>
        (await Should.ThrowAsync<FormatException>(_replier.Ask<int>(new FormatException("no"), PuppetExtensions.Patience))).Message.ShouldBe("no");

    [Fact]
    public async Task Ask_ForAStatus_GivesTheFailureItself() =>
        (await _replier.Ask<Status>(new FormatException("no"), PuppetExtensions.Patience)).ShouldBeOfType<Status.Failure>().Cause.Message.ShouldBe("no");

    [Fact]
    public async Task Ask_AnswerOfAnotherType_Faults() =>
        await Should.ThrowAsync<ArgumentException>(_replier.Ask<string>(1, PuppetExtensions.Patience));

    [Fact]
    public async Task Ask_NoAnswer_TimesOut() =>
        await Should.ThrowAsync<AskTimeoutException>(_replier.Ask<int>("silence", TimeSpan.FromMilliseconds(20)));

    [Fact]
    public async Task Ask_NoAnswer_UsesTheConfiguredTimeOut()
    {
        ActorSystem system = ActorSystem.Create("asking", "akka { stdout-loglevel = OFF, loglevel = OFF, actor.ask-timeout = 20ms }");
        try
        {
            IActorRef replier = system.ActorOf(Props.Create(() => new Replier()));
            await Should.ThrowAsync<AskTimeoutException>(replier.Ask<int>("silence"));
        }
        finally
        {
            Shutdown(system);
        }
    }

    [Fact]
    public async Task Ask_Cancelled_IsCancelled()
    {
        using CancellationTokenSource source = new();
        Task<int> answer = _replier.Ask<int>("silence", source.Token);
        source.Cancel();
        await Should.ThrowAsync<TaskCanceledException>(answer);
    }

    [Fact]
    public async Task Ask_MessageFactory_GetsTheReferenceToAnswerTo() =>
        (await _replier.Ask<string>(self => self, PuppetExtensions.Patience, CancellationToken.None)).ShouldBe("to the reference");

    [Fact]
    public async Task Ask_SecondAnswer_IsADeadLetter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        (await _replier.Ask<string>(("x", 2), PuppetExtensions.Patience)).ShouldBe("x");
        ExpectMsg<DeadLetter>().Message.ShouldBe("x");
    }

    [Fact]
    public async Task Ask_Reference_IsFoundByItsPathWhileItWaits()
    {
        IActorRef? asker = null;
        Task<string> answer = _replier.Ask<string>(self => { asker = self; return "silence"; }, PuppetExtensions.Patience, CancellationToken.None);
        asker!.Path.ToStringWithoutAddress().ShouldStartWith("/temp/$");
        Sys.ActorSelection(asker.Path).Tell("by path", TestActor);
        (await answer).ShouldBe("by path");
    }

    [Fact]
    public async Task Ask_ContinuationsDoNotRunInTheTurnOfTheAnswerer()
    {
        int answerer = 0;
        TaskCompletionSource<bool> inTurn = new();
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Puppet(null, null)));
        Task<string> answer = actor.Ask<string>((Action<Puppet>)(p =>
        {
            answerer = Environment.CurrentManagedThreadId;
            p.Sender.Tell("done", p.Self);
            // Were the continuation run by Tell, it would see the answerer's thread inside of its turn.
            Volatile.Write(ref answerer, 0);
        }));
        _ = answer.ContinueWith(_ => inTurn.SetResult(Volatile.Read(ref answerer) == Environment.CurrentManagedThreadId), TaskContinuationOptions.ExecuteSynchronously);
        (await inTurn.Task.WaitAsync(PuppetExtensions.Patience)).ShouldBeFalse();
    }

    [Fact]
    public async Task Ask_BlockedInATurn_IsAnsweredByAnotherThread()
    {
        IActorRef asking = Sys.ActorOf(Props.Create(() => new Puppet(null, null)));
        (await asking.Get(_ => _replier.Ask<int>(1).Result)).ShouldBe(2);
    }
}
