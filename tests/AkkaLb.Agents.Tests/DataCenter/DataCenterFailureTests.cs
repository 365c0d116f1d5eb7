using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.Plays;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.Tests.DataCenter;

public sealed class DataCenterFailureTests : DataCenterTestKit
{
    [Fact]
    public void Episode_AControllerThrowsAgainAndAgain_FailsAndNamesTheLoadBalancer()
    {
        SimulationOptions options = new("sed", 1)
        {
            Controllers = [.. Enumerable.Range(0, 3).Select(
                i => new Controller(i == 1 ? () => throw new InvalidOperationException("broken") : () => { }))],
        };
        EventFilter.Warning(contains: "The load-balancer-1 actor failed: the data-centre is played from its start again").Expect(
            PlayActor.MostRepeats, () => Start(Eventful, () => options).Tell(PlayCommands.StartPlay.Instance, TestActor));

        ExpectMsg<PlayEvents.PlayFailed>(Patience).Reason
            .ShouldBe("the load-balancer-1 actor failed 11 times within a minute, see the log");
    }

    [Fact]
    public void Episode_ToldToStop_Stops()
    {
        IActorRef dataCenter = ActorRefs.Nobody;
        long last = 0;
        SimulationOptions options = new("sed", 1)
        {
            Observer = (time, kind) =>
            {
                last = time;
                if (time > Ticks.PerSecond && kind == EventKind.Create)
                {
                    dataCenter.Tell(PlayCommands.StopPlay.Instance);
                }
            },
        };
        dataCenter = Start(Eventful, () => options);
        dataCenter.Tell(PlayCommands.StartPlay.Instance, TestActor);

        ExpectMsg<DataCenterEvents.EpisodeStopped>(Patience);
        // Who passes the word on may wait for a processor meanwhile.
        last.ShouldBeLessThan(Eventful.Traffic.Duration - Ticks.PerSecond);
    }

    [Fact]
    public void Props_WhatActorsCannotPlay_IsRefused()
    {
        ILoadBalancerController[] controllers = [.. Enumerable.Range(0, 3).Select(_ => new Controller(() => { }))];
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(Eventful, new SimulationOptions("nonsense", 1)));
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(
            Eventful, new SimulationOptions("lsq", 1) { Controllers = controllers }));
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(
            Eventful, new SimulationOptions("sed", 1) { Controllers = controllers[..2] }));
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(
            Eventful, new SimulationOptions("sed", 1) { Controllers = controllers, ObserveTrueLoads = true }));
    }

    private sealed class Controller(Action decide) : ILoadBalancerController
    {
        public void Observe(LoadBalancerObservation observation)
        {
        }

        public void Decide(Span<float> weights) => decide();
    }
}
