using Akka.Actor;

namespace Engine.Tests.Actor;

public sealed class SmokeTests
{
    private sealed class Echo : ReceiveActor
    {
        public Echo()
        {
            Receive<string>(m => Sender.Tell("echo " + m));
            ReceiveAsync<int>(async i => { await Task.Yield(); await Task.Delay(1); Sender.Tell(i + 1); });
        }
    }

    [Fact]
    public async Task Echo_Ask_Answers()
    {
        ActorSystem system = ActorSystem.Create("smoke");
        IActorRef echo = system.ActorOf(Props.Create(() => new Echo()), "echo");
        (await echo.Ask<string>("a", TimeSpan.FromSeconds(5))).ShouldBe("echo a");
        (await echo.Ask<int>(1, TimeSpan.FromSeconds(5))).ShouldBe(2);
        (await system.ActorSelection("/user/echo").ResolveOne(TimeSpan.FromSeconds(5))).ShouldBe(echo);
        (await echo.GracefulStop(TimeSpan.FromSeconds(5))).ShouldBeTrue();
        await system.Terminate().WaitAsync(TimeSpan.FromSeconds(10));
    }
}
