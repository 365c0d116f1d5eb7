using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;

namespace Engine.Tests.Actor;

public class CoordinatedShutdownTests() : EngineTest(ConfigurationFactory.ParseString("""
    akka.coordinated-shutdown {
      default-phase-timeout = 20s
      run-by-clr-shutdown-hook = off
      phases {
        drain { depends-on = [before-service-unbind], timeout = 60s }
        service-unbind.depends-on = [drain]
        strict { depends-on = [service-unbind], recover = off }
        service-requests-done.depends-on = [strict]
        short { depends-on = [service-stop], timeout = 50ms }
        before-cluster-shutdown.depends-on = [short]
        skipped { depends-on = [service-stop], enabled = off }
      }
    }
    """))
{
    private readonly ConcurrentQueue<string> ran = new();

    private CoordinatedShutdown Coordinated => CoordinatedShutdown.Get(Sys);

    [Fact]
    public async Task Run_GoesThroughThePhasesInOrder_AndEndsTheSystem()
    {
        Add(CoordinatedShutdown.PhaseClusterLeave, "third");
        Add("drain", "second");
        Add(CoordinatedShutdown.PhaseBeforeServiceUnbind, "first");
        Add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "fourth");

        await Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["first", "second", "third", "fourth"]);
        Sys.WhenTerminated.IsCompleted.ShouldBeTrue();
        Coordinated.ShutdownReason.ShouldBeOfType<CoordinatedShutdown.UnknownReason>();
    }

    [Fact]
    public async Task Terminate_RunsThePhases()
    {
        Add("drain", "drained");

        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["drained"]);
        Coordinated.ShutdownReason.ShouldBeOfType<CoordinatedShutdown.ActorSystemTerminateReason>();
    }

    [Fact]
    public async Task Run_TasksOfOnePhase_RunTogether()
    {
        using Barrier meeting = new(2);
        foreach (string name in (string[])["a", "b"])
        {
            Coordinated.AddTask("drain", name, () => Task.Run(() =>
            {
                if (meeting.SignalAndWait(TimeSpan.FromSeconds(20)))
                {
                    ran.Enqueue("met");
                }
                return Done.Instance;
            }));
        }

        await Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["met", "met"]);
    }

    [Fact]
    public async Task Run_Twice_RunsOnce_WithTheFirstReason()
    {
        Add("drain", "once");

        await Task.WhenAll(Coordinated.Run(new Maintenance()), Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance)).WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["once"]);
        Coordinated.ShutdownReason.ShouldBeOfType<Maintenance>();
    }

    [Fact]
    public async Task FailingTask_OfARecoveringPhase_DoesNotStopTheOthers()
    {
        Coordinated.AddTask("drain", "fails", () => Task.FromException<Done>(new InvalidTimeZoneException()));
        Coordinated.AddTask("drain", "throws", () => throw new InvalidTimeZoneException());
        Add(CoordinatedShutdown.PhaseServiceUnbind, "next");

        await Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["next"]);
    }

    [Fact]
    public async Task FailingTask_OfAStrictPhase_EndsTheRun()
    {
        Coordinated.AddTask("strict", "fails", () => Task.FromException<Done>(new InvalidTimeZoneException()));
        Add(CoordinatedShutdown.PhaseServiceRequestsDone, "next");

        await Should.ThrowAsync<InvalidTimeZoneException>(Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(20)));

        ran.ShouldBeEmpty();
        Sys.Stop(((ExtendedActorSystem)Sys).Guardian);
    }

    [Fact]
    public async Task PhaseThatTakesTooLong_IsLeft()
    {
        Coordinated.AddTask("short", "never ends", () => new TaskCompletionSource<Done>().Task);
        Add(CoordinatedShutdown.PhaseBeforeClusterShutdown, "next");

        await Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["next"]);
    }

    [Fact]
    public async Task PhaseThatIsNotEnabled_IsLeftOut()
    {
        Add("skipped", "skipped");
        Add("drain", "drained");

        await Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["drained"]);
    }

    [Fact]
    public async Task Run_FromAPhase_LeavesOutWhatIsBefore()
    {
        Add("drain", "drained");
        Add(CoordinatedShutdown.PhaseServiceStop, "stopped");

        await Coordinated.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop).WaitAsync(TimeSpan.FromSeconds(20));

        ran.ShouldBe(["stopped"]);
    }

    [Fact]
    public void Phases_HaveTheirTimeouts()
    {
        Coordinated.Timeout("drain").ShouldBe(TimeSpan.FromSeconds(60));
        Coordinated.Timeout(CoordinatedShutdown.PhaseServiceStop).ShouldBe(TimeSpan.FromSeconds(20));
        Should.Throw<ArgumentException>(() => Coordinated.Timeout("unknown"));
        Should.Throw<ArgumentException>(() => Coordinated.AddTask("unknown", "task", () => Task.FromResult(Done.Instance)));
    }

    [Fact]
    public void PhasesInACircle_Throw() =>
        Should.Throw<ArgumentException>(() => CoordinatedShutdown.Get(ActorSystem.Create("circle", """
            akka.loglevel = OFF
            akka.coordinated-shutdown.phases { a.depends-on = [b], b.depends-on = [a] }
            """)));

    private void Add(string phase, string name) => Coordinated.AddTask(phase, name, () =>
    {
        ran.Enqueue(name);
        return Task.FromResult(Done.Instance);
    });

    private sealed class Maintenance : CoordinatedShutdown.Reason;
}
