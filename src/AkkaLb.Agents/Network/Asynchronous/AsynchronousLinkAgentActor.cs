using Akka.Actor;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>The agent of one directed link in virtual time, without a global step. All it does is <see cref="AsynchronousAgent"/>'s.</summary>
/// <remarks>After a crash it is a blank agent, without its memory: the network publishes its load anew, and its weight has stayed in force.</remarks>
public sealed class AsynchronousLinkAgentActor : ReceiveActor, IAsynchronousOutbox
{
    private readonly LinkId _link;
    private readonly TeamExperience? _experience;
    private readonly AsynchronousAgent _agent;
    private readonly IActorRef _self, _network;
    private List<ILinkAgentMessage> _sent = [];

    public AsynchronousLinkAgentActor(
        NetworkModel model, LinkId link, PolicySnapshot policy, TeamExperience? experience, AsynchronousOptions options, ulong seed)
    {
        _link = link;
        _experience = experience;
        _self = Self;
        _network = Context.Parent;
        _agent = new AsynchronousAgent(model, link.Index, seed, options, this, experience?[link.Index]) { Policy = policy };
        Receive<AsynchronousCommands.Deliver>(OnDeliver);
    }

    /// <param name="experience">Holds this agent's memory; null: agents have none.</param>
    public static Props Props(
        NetworkModel model, LinkId link, PolicySnapshot policy, TeamExperience? experience, AsynchronousOptions options, ulong seed) =>
        Akka.Actor.Props.Create(() => new AsynchronousLinkAgentActor(model, link, policy, experience, options, seed));

    protected override void PreRestart(Exception reason, object? message)
    {
        base.PreRestart(reason, message);
        _network.Tell(new AsynchronousEvents.Crashed(_link, message is AsynchronousCommands.Deliver deliver ? deliver.Ticket : -1), _self);
    }

    void IAsynchronousOutbox.Request(int predecessor, int horizon, int iteration, int change) =>
        _sent.Add(new AsynchronousCommands.RequestState(new LinkId(predecessor), _link, horizon, iteration, change));

    void IAsynchronousOutbox.Answer(int successor, int horizon, int iteration, int change, float[] state) =>
        _sent.Add(new AsynchronousCommands.ReceiveState(new LinkId(successor), _link, horizon, iteration, change, state));

    void IAsynchronousOutbox.Decide(int horizon, Decision decision, double weight) =>
        _sent.Add(new AsynchronousEvents.WeightSet(_link, horizon, decision.Choice, decision.LogProbability, weight));

    void IAsynchronousOutbox.WakeAt(long time) => _sent.Add(new AsynchronousCommands.Wake(_link, time));

    private void OnDeliver(AsynchronousCommands.Deliver deliver)
    {
        long now = deliver.Time;
        switch (deliver.Message)
        {
            case AsynchronousCommands.PublishLoad m:
                _agent.Publish(now, m.Utilisation, m.Change, m.Weight, m.LeastWeight);
                break;
            case AsynchronousCommands.RequestState m:
                _agent.Request(now, m.Successor.Index, m.Horizon, m.Iteration, m.Change);
                break;
            case AsynchronousCommands.ReceiveState m:
                _agent.Receive(now, m.Predecessor.Index, m.Horizon, m.Iteration, m.Change, m.State);
                break;
            case AsynchronousCommands.Wake:
                _agent.Wake(now);
                break;
            case AsynchronousCommands.RepeatRequests m:
                _agent.PredecessorRestarted(m.Predecessor.Index);
                break;
            default:
                throw new ArgumentException($"{_link} cannot take a {deliver.Message.GetType().Name}");
        }
        _network.Tell(new AsynchronousEvents.Handled(_link, deliver.Ticket, _sent), _self);
        _sent = [];
    }
}
