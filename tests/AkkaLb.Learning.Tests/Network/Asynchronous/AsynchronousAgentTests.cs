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
    public bool Read_WhatWasWrittenAtAnyMoment_GoesOnAsTheOther(ulong seed, bool remembers, bool pushes)
    {
        remembers &= !pushes;
        NetworkModel model = remembers ? Remembering : Plain;
        PolicySnapshot policy = remembers ? RememberingPolicy : PlainPolicy;
        long? patience = pushes ? 30 : null;
        RandomStream random = new(seed, "history");
        Outbox first = new(), second = new();
        AsynchronousAgent agent = Create(model, policy, first, patience), other = Create(model, policy, second, patience);
        History history = new(model, random, pushes);
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

    /// <summary>
    /// Nobody asks: an agent sends each state as soon as it knows it, and takes those that are new. For a predecessor that rests it waits
    /// as long as told and takes its last; one that has never sent any is waited for.
    /// </summary>
    [Fact]
    public void Receive_StatesThatAreSentUnasked_AreTakenOnceAndTheLastAfterAWhile()
    {
        NetworkModel model = Plain;
        int[] predecessors = [.. model.Predecessors(Link)];
        predecessors.Length.ShouldBe(2);
        float[] state = new float[model.HiddenState];
        Outbox outbox = new();
        AsynchronousAgent agent = Create(model, PlainPolicy, outbox, patience: 30);
        agent.Publish(0, 0.3, 0, 1, 1);
        outbox.TakeKinds().ShouldBe(["sends 0", "sends 0", "sleeps until 30"]);
        for (int iteration = 0; iteration < 3; iteration++)
        {
            agent.Receive(10, predecessors[0], 1, iteration, 0, state);
        }
        agent.Wake(30);
        outbox.TakeKinds().ShouldBeEmpty();
        for (int iteration = 0; iteration < 3; iteration++)
        {
            agent.Receive(40, predecessors[1], 1, iteration, 0, state);
        }
        // As each of those that were missing comes, and then it rests for its cooldown.
        outbox.TakeKinds().ShouldBe(
            ["sends 1", "sends 1", "sleeps until 70", "sends 2", "sends 2", "sleeps until 70", "decides 1"]);

        // Only one of the two goes on; its states are new, those of the other are not.
        agent.Publish(70, 0.6, 0, 1, 1);
        outbox.TakeKinds().ShouldBe(["sends 0", "sends 0", "sleeps until 100"]);
        for (int iteration = 0; iteration < 3; iteration++)
        {
            agent.Receive(80, predecessors[0], 2, iteration, 0, state);
        }
        outbox.TakeKinds().ShouldBeEmpty();
        agent.Wake(100);
        outbox.TakeKinds().ShouldBe(["sends 1", "sends 1", "sleeps until 130"]);
        agent.Wake(130);
        agent.Wake(160);
        outbox.TakeKinds().ShouldBe(["sends 2", "sends 2", "sleeps until 160", "decides 2"]);
    }

    private static NetworkModel Model(ExperienceOptions? memory) =>
        new(new NetworkLearningOptions { Method = NetworkMethod.Samaroh, MessageIterations = 3, Horizons = 4, Memory = memory }, Topology);

    private static PolicySnapshot Policy(NetworkModel model)
    {
        using PpoLearner learner = new(model, 5, threads: 1);
        return learner.Policy;
    }

    private static AsynchronousAgent Create(NetworkModel model, PolicySnapshot policy, Outbox outbox, long? patience) => new(
        model, Link, 5, new AsynchronousOptions { Budget = 5, Burst = 3, Cooldown = 20, DeltaFactor = 1.5, Patience = patience }, outbox)
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
    private sealed class History(NetworkModel model, RandomStream random, bool pushes)
    {
        private long _now;
        private int _change;

        public Action<AsynchronousAgent> Next(Outbox outbox)
        {
            long now = _now += random.NextInt32(10);
            if (pushes && random.NextInt32(3) > 0)
            {
                ReadOnlySpan<int> predecessors = model.Predecessors(Link);
                (int sender, int number) = (predecessors[random.NextInt32(predecessors.Length)], random.NextInt32(model.MessageIterations));
                float[] sent = [.. Enumerable.Range(0, model.HiddenState).Select(_ => random.NextInt32(3) * 0.3f)];
                int known = _change;
                return agent => agent.Receive(now, sender, 1, number, known, sent);
            }
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
                    (double utilisation, double weight, int news) = (random.NextInt32(3) * 0.25, 1 + random.NextInt32(3), _change);
                    return agent => agent.Publish(now, utilisation, news, weight, 1);
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

        public void SendState(int successor, int horizon, int iteration, int change, float[] state) =>
            Lines.Add($"sends {iteration} to {successor} {horizon} {change} {string.Join(' ', state)}");

        public void Decide(int horizon, Decision decision, double weight) => Lines.Add($"decides {horizon} {decision} {weight:R}");

        /// <summary>The first two words of each line, or all of when it sleeps until; forgets them.</summary>
        public IReadOnlyList<string> TakeKinds()
        {
            string[] kinds = [.. Lines.Select(line => line.StartsWith("sleeps", StringComparison.Ordinal)
                ? line : string.Join(' ', line.Split(' ').Take(2)))];
            Lines.Clear();
            return kinds;
        }

        public void WakeAt(long time) => Lines.Add($"sleeps until {time}");
    }
}
