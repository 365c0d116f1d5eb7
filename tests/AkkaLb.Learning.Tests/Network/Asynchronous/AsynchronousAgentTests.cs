using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using FsCheck;
using FsCheck.Xunit;

namespace AkkaLb.Learning.Tests.Network.Asynchronous;

public class AsynchronousAgentTests
{
    private const int Link = 2;

    private static readonly Topology Topology = TopologyLibrary.Get("4-node");

    private static readonly NetworkModel Plain = Model(null), Remembering = Model(new ExperienceOptions
    {
        Deltas = [0.2], Size = 6, UseProbability = 0.7,
    });

    private static readonly PolicySnapshot PlainPolicy = Policy(Plain), RememberingPolicy = Policy(Remembering);

    /// <summary>Wherever it is in whatever has happened: an agent that is written and read goes on with the same bits.</summary>
    [Property(MaxTest = 300)]
    public bool Read_WhatWasWrittenAtAnyMoment_GoesOnAsTheOther(ulong seed, bool remembers)
    {
        NetworkModel model = remembers ? Remembering : Plain;
        PolicySnapshot policy = remembers ? RememberingPolicy : PlainPolicy;
        RandomStream random = new(seed, "history");
        Outbox first = new(), second = new();
        AsynchronousAgent agent = Create(model, policy, first), other = Create(model, policy, second);
        History history = new(model, random);
        for (int message = random.NextInt32(300); message > 0; message--)
        {
            history.Next(first)(agent);
        }
        Copy(agent, other);
        bool isCopy = Bytes(agent).SequenceEqual(Bytes(other));
        first.Lines.Clear();
        for (int message = 0; message < 100; message++)
        {
            Action<AsynchronousAgent> next = history.Next(first);
            next(agent);
            next(other);
        }
        return isCopy && first.Lines.SequenceEqual(second.Lines) && Bytes(agent).SequenceEqual(Bytes(other));
    }

    private static NetworkModel Model(ExperienceOptions? memory) =>
        new(new NetworkLearningOptions { Method = NetworkMethod.Samaroh, MessageIterations = 3, Horizons = 4, Memory = memory }, Topology);

    private static PolicySnapshot Policy(NetworkModel model)
    {
        using PpoLearner learner = new(model, 5, threads: 1);
        return learner.Policy;
    }

    private static AsynchronousAgent Create(NetworkModel model, PolicySnapshot policy, Outbox outbox) =>
        new(model, Link, 5, new AsynchronousOptions { Budget = 5, Burst = 3, Cooldown = 20, DeltaFactor = 1.5 }, outbox)
        {
            Policy = policy,
        };

    private static void Copy(AsynchronousAgent from, AsynchronousAgent to)
    {
        using BinaryReader reader = new(new MemoryStream(Bytes(from)));
        to.Read(reader);
        if (from.Memory is { } memory)
        {
            to.Memory!.Restore(memory.Save());
        }
    }

    private static byte[] Bytes(AsynchronousAgent agent)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        agent.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>What an agent may be told, in any order.</summary>
    private sealed class History(NetworkModel model, RandomStream random)
    {
        private long _now;
        private int _change;

        public Action<AsynchronousAgent> Next(Outbox outbox)
        {
            long now = _now += random.NextInt32(10);
            if (outbox.Asked.Count > 0 && random.NextInt32(3) > 0)
            {
                int which = random.NextInt32(outbox.Asked.Count);
                (int predecessor, int horizon, int iteration) = outbox.Asked[which];
                outbox.Asked.RemoveAt(which);
                float[] state = [.. Enumerable.Range(0, model.HiddenState).Select(_ => random.NextInt32(3) * 0.3f)];
                int change = _change;
                return agent => agent.Receive(now, predecessor, horizon, iteration, change, state);
            }
            switch (random.NextInt32(4))
            {
                case 0:
                    ReadOnlySpan<int> successors = model.Topology.Successors(new LinkId(Link));
                    int successor = successors[random.NextInt32(successors.Length)], asked = random.NextInt32(model.MessageIterations);
                    return agent => agent.Request(now, successor, 1, asked, 0);
                case 1:
                    return agent => agent.Wake(now);
                default:
                    _change += random.NextInt32(5) == 0 ? 1 : 0;
                    (double utilisation, double weight, int known) = (random.NextInt32(3) * 0.25, 1 + random.NextInt32(3), _change);
                    return agent => agent.Publish(now, utilisation, known, weight, 1);
            }
        }
    }

    /// <summary>All that an agent does, as text, and what it has asked for.</summary>
    private sealed class Outbox : IAsynchronousOutbox
    {
        public List<string> Lines { get; } = [];

        public List<(int Predecessor, int Horizon, int Iteration)> Asked { get; } = [];

        public void Request(int predecessor, int horizon, int iteration, int change)
        {
            Lines.Add($"asks {predecessor} {horizon} {iteration} {change}");
            Asked.Add((predecessor, horizon, iteration));
        }

        public void Answer(int successor, int horizon, int iteration, int change, float[] state) =>
            Lines.Add($"answers {successor} {horizon} {iteration} {change} {string.Join(' ', state)}");

        public void Decide(int horizon, Decision decision, double weight) => Lines.Add($"decides {horizon} {decision} {weight:R}");

        public void WakeAt(long time) => Lines.Add($"sleeps until {time}");
    }
}
