using Akka.Actor;

namespace Engine.Tests.Actor;

public sealed class AsyncTests : ActorTest
{
    private sealed record Wait(Task For, string Then);

    private sealed class Worker : ReceiveActor
    {
        private readonly IActorRef _reports;

        public Worker(IActorRef reports)
        {
            _reports = reports;
            ReceiveAsync<Wait>(async wait =>
            {
                IActorRef self = Self;
                IActorRef sender = Sender;
                await wait.For;
                bool same = self.Equals(Context.Self) && sender.Equals(Context.Sender) && Self.Equals(self);
                Sender.Tell($"{wait.Then} {same}");
            });
            ReceiveAsync(typeof(int), async i =>
            {
                for (int n = 0; n < (int)i; n++) { await Task.Yield(); }
                Sender.Tell(i);
            });
            Receive<string>(m => Sender.Tell(m));
            Receive<Terminated>(t => _reports.Tell(new Died(t.ActorRef)));
            Receive<Action>(a => a());
            Receive<Func<Task>>(f => RunTask(f));
            ReceiveAnyAsync(async m =>
            {
                await Task.Yield();
                Sender.Tell($"any {m}");
            });
        }

        protected override void PreRestart(Exception reason, object? message)
        {
            _reports.Tell($"restart {reason.Message} {message?.GetType().Name}");
            base.PreRestart(reason, message);
        }

        protected override void PostStop() => _reports.Tell("stopped");
    }

    /// <summary>Opens the context of the actor in whose turn it is asked.</summary>
    private abstract class ContextOf : UntypedActor
    {
        internal static IActorContext Current => Context;
    }

    private readonly IActorRef _worker;

    public AsyncTests() => _worker = Sys.ActorOf(Props.Create(() => new Worker(TestActor)), "worker");

    [Fact]
    public void ReceiveAsync_Awaiting_LaterMessagesWait()
    {
        TaskCompletionSource go = new();
        _worker.Tell(new Wait(go.Task, "first"), TestActor);
        _worker.Tell("second", TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        go.SetResult();
        ExpectMsg("first True");
        ExpectMsg("second");
    }

    [Fact]
    public void ReceiveAsync_ManyAwaits_StayInTheActor()
    {
        for (int i = 0; i < 20; i++) { _worker.Tell(i, TestActor); }
        for (int i = 0; i < 20; i++) { ExpectMsg(i); }
        _worker.Tell(1.5, TestActor);
        ExpectMsg("any 1.5");
    }

    [Fact]
    public void ReceiveAsync_CompletedTask_GoesOn()
    {
        _worker.Tell(new Wait(Task.CompletedTask, "now"), TestActor);
        ExpectMsg("now True");
    }

    [Fact]
    public void ReceiveAsync_ThrowsAfterAwait_IsSupervised()
    {
        TaskCompletionSource go = new();
        _worker.Tell(new Wait(go.Task, "never"), TestActor);
        _worker.Tell("after", TestActor);
        go.SetException(new FormatException("late"));
        ExpectMsg("restart late Wait");
        ExpectMsg("stopped");
        ExpectMsg("after");
    }

    [Fact]
    public void ReceiveAsync_ThrowsBeforeAwait_IsSupervised()
    {
        _worker.Tell(new Wait(Task.FromException(new FormatException("early")), "never"), TestActor);
        ExpectMsg("restart early Wait");
    }

    [Fact]
    public void ReceiveAsync_Cancelled_IsSupervised()
    {
        _worker.Tell(new Wait(Task.FromCanceled(new CancellationToken(true)), "never"), TestActor);
        ExpectMsg<string>().ShouldStartWith("restart");
    }

    [Fact]
    public void ReceiveAsync_Awaiting_StopIsProcessed()
    {
        TaskCompletionSource never = new();
        Watch(_worker);
        _worker.Tell(new Wait(never.Task, "never"), TestActor);
        Sys.Stop(_worker);
        ExpectMsg("stopped");
        ExpectTerminated(_worker);
        never.SetResult();
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task ReceiveAsync_Awaiting_DeathIsNoticedAndTerminatedWaits()
    {
        IActorRef watched = Sys.ActorOf(Props.Create(() => new Puppet(null, null)));
        TaskCompletionSource go = new();
        TaskCompletionSource watching = new();
        _worker.Tell((Func<Task>)(async () =>
        {
            ContextOf.Current.Watch(watched);
            watching.SetResult();
            await go.Task;
            TestActor.Tell("awaited");
        }));
        await watching.Task.WaitAsync(PuppetExtensions.Patience);
        await watched.GracefulStop(PuppetExtensions.Patience);
        go.SetResult();
        ExpectMsg("awaited");
        ExpectMsg(new Died(watched));
    }

    [Fact]
    public void RunTask_RunsAfterTheHandlerAndBeforeTheNextMessage()
    {
        TaskCompletionSource go = new();
        _worker.Tell((Func<Task>)(async () =>
        {
            TestActor.Tell("begin");
            await go.Task;
            TestActor.Tell("end");
        }));
        _worker.Tell("next", TestActor);
        ExpectMsg("begin");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        go.SetResult();
        ExpectMsg("end");
        ExpectMsg("next");
    }

    private sealed class StartsAsync : ReceiveActor
    {
        private string _state = "new";

        public StartsAsync() => Receive<string>(_ => Sender.Tell(_state));

        protected override void PreStart() => RunTask(async () =>
        {
            await Task.Yield();
            _state = "loaded";
        });
    }

    [Fact]
    public void RunTask_InPreStart_EndsBeforeTheFirstMessage()
    {
        Sys.ActorOf(Props.Create(() => new StartsAsync())).Tell("state", TestActor);
        ExpectMsg("loaded");
    }

    [Fact]
    public async Task ReceiveAsync_RestartWhileAwaiting_DropsTheOldContinuation()
    {
        TaskCompletionSource go = new();
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(null, new AllForOneStrategy(_ => Directive.Restart))));
        IActorRef worker = await parent.Get(p => p.Cell.ActorOf(Props.Create(() => new Worker(TestActor))));
        IActorRef sibling = await parent.Child(null);
        TaskCompletionSource entered = new();
        worker.Tell((Func<Task>)(async () =>
        {
            entered.SetResult();
            await go.Task;
            TestActor.Tell("old");
        }));
        worker.Tell("next", TestActor);
        await entered.Task.WaitAsync(PuppetExtensions.Patience);
        sibling.Tell(new FormatException("sibling"));
        ExpectMsg<string>().ShouldStartWith("restart sibling");
        ExpectMsg("stopped");
        ExpectMsg("next");
        go.SetResult();
        worker.Tell("last", TestActor);
        ExpectMsg("last");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }
}
