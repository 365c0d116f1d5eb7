using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Tests.Network.Asynchronous;

/// <summary>One agent, told at random; the test is its network and its neighbours.</summary>
public sealed class AsynchronousLinkAgentActorTests() : TestKit(AsynchronousRuns.System)
{
    private static readonly LinkId Link = new(2);

    public static TheoryData<ulong, RepresentativeSelection?, int> Histories
    {
        get
        {
            TheoryData<ulong, RepresentativeSelection?, int> histories = [];
            for (ulong seed = 1; seed <= 4; seed++)
            {
                RepresentativeSelection?[] memories = [null, .. Enum.GetValues<RepresentativeSelection>()];
                foreach (RepresentativeSelection? memory in memories)
                {
                    histories.Add(seed, memory, seed % 2 == 0 ? 2 : 1000);
                }
            }
            return histories;
        }
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Agent_CrashesAfterEveryEvent_IsTheAgentThatItWas(ulong seed, RepresentativeSelection? memory, int snapshotEvery)
    {
        RandomStream random = new(seed, "history");
        using Neighbours neighbours = new(memory, random);
        AgentJournal calm = Journal("calm/", snapshotEvery), crashing = Journal("crashing/", snapshotEvery);
        IActorRef undisturbed = Start(neighbours, calm), crashed = Start(neighbours, crashing);
        for (long slice = 0; slice < 25; slice++)
        {
            Tell(new AsynchronousCommands.OpenSlice(Link, 1, slice, default));
            int messages = random.NextInt32(30);
            for (int ticket = 0; ticket < messages; ticket++)
            {
                Tell(neighbours.Next(ticket));
                AsynchronousEvents.Handled expected = ExpectMsg<AsynchronousEvents.Handled>(AsynchronousRuns.Patience);
                AsynchronousEvents.Handled found = ExpectMsg<AsynchronousEvents.Handled>(AsynchronousRuns.Patience);
                Bytes(found).ShouldBe(Bytes(expected));
                neighbours.Take(expected);
            }
            Tell(new AsynchronousCommands.CloseSlice(Link, 1, slice));
            ExpectMsg<AsynchronousEvents.SliceClosed>(AsynchronousRuns.Patience);
            ExpectMsg<AsynchronousEvents.SliceClosed>(AsynchronousRuns.Patience);
            (await crashed.GracefulStop(AsynchronousRuns.Patience)).ShouldBeTrue();
            crashed = Start(neighbours, crashing);
        }
        string agent = AsynchronousJournal.Agent(Link);
        AsynchronousRuns.Stored(this, crashing, agent).ShouldBe(AsynchronousRuns.Stored(this, calm, agent));

        void Tell(IAsynchronousMessage message)
        {
            // One after the other, so that their answers come in this order.
            undisturbed.Tell(message, TestActor);
            if (message is not AsynchronousCommands.OpenSlice)
            {
                AwaitAssert(() => HasMessages.ShouldBeTrue(), AsynchronousRuns.Patience, TimeSpan.FromMilliseconds(1));
            }
            crashed.Tell(message, TestActor);
        }
    }

    [Fact]
    public void Agent_ToldOfASliceThatItDoesNotHave_SaysSo()
    {
        using Neighbours neighbours = new(null, new RandomStream(1, "history"));
        IActorRef agent = Start(neighbours, AsynchronousRuns.Journal("lost/", reason => TestActor.Tell(reason)));
        agent.Tell(new AsynchronousCommands.OpenSlice(Link, 1, 3, default), TestActor);
        ExpectMsg<string>(AsynchronousRuns.Patience)
            .ShouldBe("lost/link-2.asynchronous: its events end with slice 0, and the run goes on from slice 3");
    }

    private static AgentJournal Journal(string prefix, int snapshotEvery) =>
        AsynchronousRuns.Journal(prefix, reason => throw new InvalidOperationException(reason), snapshotEvery);

    private static string Bytes(object message) => Convert.ToHexStringLower(AkkaLb.Agents.Serialization.WireFormat.Formats.Write(message));

    private IActorRef Start(Neighbours neighbours, AgentJournal journal) => Sys.ActorOf(AsynchronousLinkAgentActor.Props(
        neighbours.Model, Link, neighbours.Learner.Policy, neighbours.Memory, neighbours.Options, 5, TestActor, journal));

    /// <summary>What an agent may be told: answers to what it asked, requests, loads, in any order.</summary>
    private sealed class Neighbours : IDisposable
    {
        private readonly RandomStream _random;
        private readonly List<IAsynchronousMessage> _coming = [];
        private long _now;
        private int _change;

        public Neighbours(RepresentativeSelection? memory, RandomStream random)
        {
            _random = random;
            (AsynchronousScenario scenario, Model, Learner) = AsynchronousRuns.Failing(memory is { } selection
                ? new ExperienceOptions
                {
                    Representatives = selection, Deltas = [0.2], Size = 4, UseProbability = 0.7,
                    Switching = selection == RepresentativeSelection.Reference ? LayerSwitching.Team : LayerSwitching.PerAgent,
                }
                : null);
            Options = scenario.Agents with { Budget = 5, Burst = 3, Cooldown = 20, DeltaFactor = 1.5 };
            if (Learner.Experience is { } experience)
            {
                AgentExperience own = experience[Link.Index];
                own.Open(0);
                own.Remember(0, [0.5f, 0.3f], new float[Model.MessageIterations * Model.HiddenState], 0);
                Memory = own.Save();
            }
        }

        public NetworkModel Model { get; }

        public PpoLearner Learner { get; }

        public AsynchronousOptions Options { get; }

        public byte[]? Memory { get; }

        public AsynchronousCommands.Deliver Next(int ticket)
        {
            _now += _random.NextInt32(10);
            IAsynchronousMessage message;
            if (_coming.Count > 0 && _random.NextInt32(3) > 0)
            {
                int which = _random.NextInt32(_coming.Count);
                message = _coming[which];
                _coming.RemoveAt(which);
            }
            else if (_random.NextInt32(2) == 0)
            {
                ReadOnlySpan<int> successors = Model.Topology.Successors(Link);
                int successor = successors[_random.NextInt32(successors.Length)];
                message = new AsynchronousCommands.RequestState(
                    Link, new LinkId(successor), 1 + _random.NextInt32(3), _random.NextInt32(Model.MessageIterations), _change);
            }
            else
            {
                _change += _random.NextInt32(4) == 0 ? 1 : 0;
                message = new AsynchronousCommands.PublishLoad(Link, _random.NextDouble(), _change, 1 + _random.NextInt32(3), 1);
            }
            return new AsynchronousCommands.Deliver(Link, 1, ticket, _now, message);
        }

        public void Take(AsynchronousEvents.Handled handled)
        {
            foreach (IAsynchronousMessage sent in handled.Sent)
            {
                if (sent is AsynchronousCommands.RequestState asked)
                {
                    float[] state = new float[Model.HiddenState];
                    for (int d = 0; d < state.Length; d++)
                    {
                        state[d] = _random.NextInt32(3) * 0.3f;
                    }
                    _coming.Add(new AsynchronousCommands.ReceiveState(
                        Link, asked.Link, asked.Horizon, asked.Iteration, _change, [.. state]));
                }
                else if (sent is AsynchronousCommands.Wake wake)
                {
                    _coming.Add(wake);
                }
            }
        }

        public void Dispose() => Learner.Dispose();
    }
}
