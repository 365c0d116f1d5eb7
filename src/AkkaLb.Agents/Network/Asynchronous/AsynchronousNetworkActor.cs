using Akka.Actor;
using Akka.Event;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// The network of an asynchronous run and its virtual clock: parent of the link agents. It delivers what agents send when its time has come, routes
/// the flows of the moment under the weights in force, and publishes loads. Agents of one virtual moment work at the same time; what they send is
/// put in order by (time, order of delivery), so a run is the same every time.
/// </summary>
public sealed class AsynchronousNetworkActor : ReceiveActor
{
    private const long MicrosecondsPerMillisecond = 1000;

    private readonly NetworkModel _model;
    private readonly AsynchronousScenario _scenario;
    private readonly IAsynchronousObserver _observer;
    private readonly LiveNetwork _network;
    private readonly VirtualClock _clock = new();
    private readonly long[] _latencies;
    private readonly IActorRef[] _agents;
    private readonly double[] _published;
    private readonly List<ILinkAgentMessage> _batch = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private IReadOnlyList<ILinkAgentMessage>?[] _answers = [];
    private IActorRef _starter = ActorRefs.Nobody;
    private long _now, _requests, _states, _horizons;
    private int _awaited;
    private bool _stopping;

    public AsynchronousNetworkActor(
        AsynchronousScenario scenario, NetworkModel model, PolicySnapshot policy, TeamExperience? experience, ulong seed, IAsynchronousObserver observer)
    {
        (_scenario, _model, _observer) = (scenario, model, observer);
        _network = new LiveNetwork(scenario.Timeline, scenario.Objective, scenario.InitialWeights, scenario.Start);
        _latencies = scenario.Latencies(seed);
        _published = new double[model.LinkCount];
        Array.Fill(_published, double.NaN);
        AsynchronousOptions agents = scenario.Agents with { DeltaFactor = experience?.Threshold.Factor ?? 1 };
        _agents = [.. Enumerable.Range(0, model.LinkCount).Select(link => Context.Watch(Context.ActorOf(
            AsynchronousLinkAgentActor.Props(model, new LinkId(link), policy, experience, agents, seed), $"link-{link}")))];

        Receive<AsynchronousNetworkCommands.Start>(_ =>
        {
            _starter = Sender;
            _clock.SetRoute(scenario.Start * MicrosecondsPerMillisecond);
            Proceed();
        });
        Receive<AsynchronousEvents.Handled>(handled => Take(handled.Ticket, handled.Sent));
        Receive<AsynchronousEvents.Crashed>(OnCrashed);
        Receive<AsynchronousNetworkCommands.Stop>(_ => _stopping = true);
        Receive<Terminated>(terminated => End(new AsynchronousNetworkEvents.RunFailed(
            $"the agent of link {_model.Topology.Describe(new LinkId(Array.IndexOf(_agents, terminated.ActorRef)))} crashed more than {NetworkActor.MaxRestarts} times in a minute")));
    }

    /// <param name="experience">The memories of a two-layer method's agents; null: none.</param>
    public static Props Props(
        AsynchronousScenario scenario, NetworkModel model, PolicySnapshot policy, TeamExperience? experience, ulong seed, IAsynchronousObserver observer) =>
        Akka.Actor.Props.Create(() => new AsynchronousNetworkActor(scenario, model, policy, experience, seed, observer));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(NetworkActor.MaxRestarts, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    /// <summary>Goes to the next moment at which agents have something to do.</summary>
    private void Proceed()
    {
        while (_clock.Next is { } next && next <= _scenario.Until * MicrosecondsPerMillisecond && !_stopping)
        {
            _now = next;
            _clock.TakeMessages(_batch);
            if (_batch.Count > 0)
            {
                Deliver();
                return;
            }
            _clock.TakeRoute();
            Route();
        }
        End(_stopping ? new AsynchronousNetworkEvents.RunStopped() : new AsynchronousNetworkEvents.RunFinished());
    }

    private void Deliver()
    {
        _awaited = _batch.Count;
        _answers = new IReadOnlyList<ILinkAgentMessage>?[_batch.Count];
        for (int ticket = 0; ticket < _batch.Count; ticket++)
        {
            ILinkAgentMessage message = _batch[ticket];
            _agents[message.Link.Index].Tell(new AsynchronousCommands.Deliver(message.Link, ticket, _now, message));
        }
    }

    private void Take(int ticket, IReadOnlyList<ILinkAgentMessage> sent)
    {
        _answers[ticket] = sent;
        if (--_awaited == 0)
        {
            foreach (IReadOnlyList<ILinkAgentMessage>? answer in _answers)
            {
                foreach (ILinkAgentMessage message in answer!)
                {
                    Post(message);
                }
            }
            Proceed();
        }
    }

    private void Post(ILinkAgentMessage message)
    {
        switch (message)
        {
            case AsynchronousCommands.RequestState request:
                _requests++;
                _clock.Set(_now + _latencies[request.Link.Index], request);
                break;
            case AsynchronousCommands.ReceiveState state:
                _states++;
                _clock.Set(_now + _latencies[state.Predecessor.Index], state);
                break;
            case AsynchronousCommands.Wake wake:
                _clock.Set(wake.At, wake);
                break;
            case AsynchronousEvents.WeightSet set:
                _horizons++;
                _network.SetWeight(set.Link, set.Weight);
                _observer.Decided(set);
                _clock.SetRoute(_now);
                break;
            default:
                throw new InvalidOperationException($"an agent sent a {message.GetType().Name}");
        }
    }

    private void Route()
    {
        bool changed = _network.Route(_now / MicrosecondsPerMillisecond);
        if (_network.NextChange is { } next)
        {
            _clock.SetRoute(next * MicrosecondsPerMillisecond);
        }
        _observer.Routed(new NetworkSample(
            _now, _network.Changes, changed, _network.Phi, _network.MeanUtilisation, _network.MaxUtilisation, _network.LinksUp,
            _network.Flows, _network.Waiting, _requests, _states, _horizons));
        for (int link = 0; link < _agents.Length; link++)
        {
            if (_scenario.Agents.Threshold == 0 || _scenario.Agents.Burst > 1 || _network.Utilisation[link] != _published[link])
            {
                Publish(link);
            }
        }
    }

    private void Publish(int link)
    {
        LinkId id = new(link);
        _published[link] = _network.Utilisation[link];
        _clock.Set(_now, new AsynchronousCommands.PublishLoad(
            id, _published[link], _network.LastChangeOf(link), _network.Weights[link], _network.LeastWeightAround(id)));
    }

    private void OnCrashed(AsynchronousEvents.Crashed crashed)
    {
        _log.Warning("The agent of {0} was restarted; its weight stays in force", _model.Topology.Describe(crashed.Link));
        Publish(crashed.Link.Index);
        foreach (int successor in _model.Topology.Successors(crashed.Link))
        {
            _clock.Set(_now, new AsynchronousCommands.RepeatRequests(new LinkId(successor), crashed.Link));
        }
        if (crashed.Ticket >= 0)
        {
            Take(crashed.Ticket, []);
        }
    }

    private void End(object outcome)
    {
        _starter.Tell(outcome);
        Context.Stop(Self);
    }
}
