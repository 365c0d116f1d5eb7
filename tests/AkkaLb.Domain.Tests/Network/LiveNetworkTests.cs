using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

public class LiveNetworkTests
{
    /// <summary>A network that is written and read at any moment goes on as the other one: loads, changes and weights.</summary>
    [Fact]
    public void Read_WhatWasWrittenAtAnyMoment_GoesOnAsTheOther() => RandomNetwork.ForAll(
        (network, stream) =>
        {
            NetworkTimeline timeline = new(network.Topology, network.Flows, TopologyChanges.None, new RoutingRule(RoutingModel.Shortest));
            LiveNetwork Create() => new(timeline, Objective.Variance, ChannelWeights.Uniform(network.Topology), 0);
            LiveNetwork straight = Create(), copied = Create();
            long now = 0;
            for (int step = 0; step < 30; step++)
            {
                LinkId link = new(stream.NextInt32(network.Topology.LinkCount));
                double weight = Math.ScaleB(1 + stream.NextDouble(), stream.NextInt32(90) - 45);
                straight.SetWeight(link, weight);
                copied.SetWeight(link, weight);
                copied = Copy(copied, Create());
                now += stream.NextInt32(8);
                copied.Route(now).ShouldBe(straight.Route(now));
                copied.Phi.ShouldBe(straight.Phi);
                copied.Utilisation.ToArray().ShouldBe(straight.Utilisation.ToArray());
                copied.Weights.ToArray().ShouldBe(straight.Weights.ToArray());
                (copied.Changes, copied.NextChange, copied.Flows).ShouldBe((straight.Changes, straight.NextChange, straight.Flows));
                copied.LastNewsOf(link.Index).ShouldBe(straight.LastNewsOf(link.Index));
            }
            straight.Changes.ShouldBeGreaterThan(0);
        },
        tests: 20);

    /// <summary>Divided again and again it would leave the range of a double, and could not catch up with the others.</summary>
    [Fact]
    public void SetWeight_TooFarBehindTheLargestOfItsNode_Stays()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        NetworkTimeline timeline = new(
            topology, new GravityFlowGenerator(topology, new GravityOptions { Seed = 1 }).Generate().Flows, TopologyChanges.None,
            new RoutingRule(RoutingModel.Shortest));
        LiveNetwork network = new(timeline, Objective.Variance, ChannelWeights.Uniform(topology), 0, largestRatio: 10);
        LinkId[] links = [.. topology.OutLinks(new NodeId(0)).ToArray().Select(index => new LinkId(index))];
        for (int step = 0; step < 5000; step++)
        {
            network.SetWeight(links[0], network.Weights[links[0].Index] / 1.25);
        }
        network.Weights[links[0].Index].ShouldBe(Math.Pow(1 / 1.25, 10), 1e-12);

        // It may always come nearer, and others may go on.
        network.SetWeight(links[0], 0.2);
        network.SetWeight(links[1], 0.11);
        (network.Weights[links[0].Index], network.Weights[links[1].Index]).ShouldBe((0.2, 0.11));
    }

    /// <summary>Where no flows are left every round is as good as the one before, and weights are multiplied for ever.</summary>
    [Fact]
    public void BeginRound_ManyThatAlterNothing_KeepsWeightsInRange()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        NetworkTimeline timeline = new(topology, new FlowSet("none", []), TopologyChanges.None, new RoutingRule(RoutingModel.Shortest));
        LiveNetwork network = new(timeline, Objective.Variance, ChannelWeights.Uniform(topology), 0, keepsBest: true, rounds: 10_000);
        for (int round = 0; round < 5000; round++)
        {
            for (int link = 0; link < topology.LinkCount; link++)
            {
                network.SetWeight(new LinkId(link), network.Weights[link] * (link == 0 && round == 0 ? 2 : 1.25));
            }
            network.Route(0);
            network.BeginRound();
        }
        network.Weights.ToArray().ShouldAllBe(weight => weight > 0 && weight < 1e12);
        int other = topology.OutLinks(topology.Links[0].From).ToArray().Single(link => link != 0);
        (network.Weights[0] / network.Weights[other]).ShouldBe(2 / 1.25, 1e-9);
    }

    private static LiveNetwork Copy(LiveNetwork from, LiveNetwork to)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        from.Write(writer);
        writer.Flush();
        stream.Position = 0;
        using BinaryReader reader = new(stream);
        to.Read(reader);
        return to;
    }
}
