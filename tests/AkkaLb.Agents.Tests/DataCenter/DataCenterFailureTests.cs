using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.Tests.DataCenter;

public sealed class DataCenterFailureTests : DataCenterTestKit
{
    [Fact]
    public void Episode_AControllerThrows_FailsAndNamesTheLoadBalancer()
    {
        SimulationOptions options = new("sed", 1)
        {
            Controllers = [.. Enumerable.Range(0, 3).Select(i => new Controller(i == 1 ? () => throw new InvalidOperationException("broken") : () => { }))],
        };
        IActorRef dataCenter = Start(Eventful, options);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => dataCenter.Tell(DataCenterCommands.PlayEpisode.Instance, TestActor));

        ExpectMsg<DataCenterEvents.EpisodeFailed>(Patience).Reason.ShouldContain("load-balancer-1");
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
                    dataCenter.Tell(DataCenterCommands.StopEpisode.Instance);
                }
            },
        };
        dataCenter = Start(Eventful, options);
        dataCenter.Tell(DataCenterCommands.PlayEpisode.Instance, TestActor);

        ExpectMsg<DataCenterEvents.EpisodeStopped>(Patience);
        last.ShouldBeLessThan(2 * Ticks.PerSecond);
    }

    [Fact]
    public void Props_WhatActorsCannotPlay_IsRefused()
    {
        ILoadBalancerController[] controllers = [.. Enumerable.Range(0, 3).Select(_ => new Controller(() => { }))];
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(Eventful, new SimulationOptions("nonsense", 1)));
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(Eventful, new SimulationOptions("lsq", 1) { Controllers = controllers }));
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(Eventful, new SimulationOptions("sed", 1) { Controllers = controllers[..2] }));
        Should.Throw<ArgumentException>(() => DataCenterActor.Props(Eventful, new SimulationOptions("sed", 1) { Controllers = controllers, ObserveTrueLoads = true }));
    }

    private sealed class Controller(Action decide) : ILoadBalancerController
    {
        public void Observe(LoadBalancerObservation observation)
        {
        }

        public void Decide(Span<float> weights) => decide();
    }
}
