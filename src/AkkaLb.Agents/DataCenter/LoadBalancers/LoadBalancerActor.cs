using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>One load balancer. It knows what passes through it and what servers answer to its probes; choices are its policy's.</summary>
/// <remarks>
/// What it decided in an episode is stored when that has ended: until then it can be decided again, as draws are addressed by the seed, the
/// load balancer and the episode. A load balancer that is back after a crash compares what it decides again with what it has stored.
/// </remarks>
public sealed class LoadBalancerActor : JournalledActor
{
    private readonly LoadBalancer _loadBalancer;
    private readonly KnownTruth _truth = new();
    private readonly List<ITimedMessage> _next = [];
    private readonly float[] _weights;
    private readonly LoadBalancerObservation _observation;
    private readonly ConnectionTally _tally;
    private readonly List<float> _decided = [];
    private readonly IDataCenterAddresses _addresses;
    private readonly IActorRef _self;

    private long _now;

    /// <param name="addresses">
    /// Where the data centre is, and the clients, who get the answers for connections that no server can take.
    /// </param>
    /// <param name="controller">Sets the weights of the policy; null where they are those configured, or a centre sets them.</param>
    /// <param name="journal">Where what is decided in the episode is stored; null: nowhere.</param>
    /// <param name="isControlled">Whether a controller sets the weights, here or at a centre.</param>
    public LoadBalancerActor(
        LoadBalancerId id, DataCenterModel model, SimulationOptions options, IDataCenterAddresses addresses,
        ILoadBalancerController? controller, EpisodeJournal? journal, bool isControlled)
        : base(journal?.Journal, LoadBalancerJournal.Agent(id, journal?.Episode ?? ""))
    {
        int servers = model.Servers.Count;
        (_addresses, _self, _tally) = (addresses, Self, new ConnectionTally(servers));
        ProbeDelays delays = new(model.Probing, id, options.Seed, options.Episode);
        _loadBalancer = LoadBalancerFactory.Create(
            model, id.Index, options.Policy, options.Seed, options.Episode, isControlled,
            new Probes(this, delays, model.Probing.Patience), _truth);
        _weights = [.. Enumerable.Repeat(1f, servers)];
        _observation = new LoadBalancerObservation(id, servers);

        Command<LoadBalancerCommands.SetAvailable>(set => _loadBalancer.SetAvailable(set.Available.AsSpan()));
        Command<LoadBalancerCommands.Watch>(watch => _loadBalancer.Watch(watch.Watched.AsSpan()));
        Command<LoadBalancerCommands.Start>(_ =>
        {
            if (_loadBalancer.Policy is IProbingPolicy { Period: > 0 })
            {
                _next.Add(new LoadBalancerCommands.SendProbes(id, 0));
            }
            if (model.Failures.Health is not null)
            {
                _next.Add(new LoadBalancerCommands.SendChecks(id, model.FirstCheck(id.Index)));
            }
            Reply();
        });
        Command<LoadBalancerCommands.OpenConnection>(open =>
        {
            _now = open.Time;
            _truth.Set(open.Truth);
            Job job = open.Job;
            bool opened = _loadBalancer.TryOpen(ref job, open.Time);
            if (!opened)
            {
                _tally.Reject();
                (job.Rejected, job.Server) = (true, -1);
            }
            SendOrAnswer(opened, job);
        });
        Command<LoadBalancerCommands.CloseConnection>(close =>
        {
            _now = close.Time;
            Job job = close.Job;
            _loadBalancer.Close(job, close.Time);
            if (job.Returned)
            {
                SendOrAnswer(_loadBalancer.TryOpenAgain(ref job, close.Time), job);
                return;
            }
            Reply();
        });
        ProbeDelays checks = new(model.Probing, id, options.Seed, options.Episode, ProbeDelays.Checks);
        Command<LoadBalancerCommands.SendChecks>(send =>
        {
            HealthCheckOptions health = model.Failures.Health!;
            for (int j = 0; j < servers; j++)
            {
                if (_loadBalancer.Watched[j])
                {
                    (long there, long back) = checks.Next();
                    _next.Add(new ServerCommands.AnswerCheck(new ServerId(j), send.Time + there, id, back, send.Time + health.Timeout));
                }
            }
            _next.Add(new LoadBalancerCommands.SendChecks(id, send.Time + health.Interval));
            Reply();
        });
        Command<LoadBalancerCommands.TakeCheck>(take =>
        {
            _loadBalancer.Checked(take.Server.Index, take.Passed, take.Time);
            Reply();
        });
        Command<LoadBalancerCommands.SendProbes>(send =>
        {
            _now = send.Time;
            IProbingPolicy policy = (IProbingPolicy)_loadBalancer.Policy;
            policy.Tick(send.Time);
            _next.Add(new LoadBalancerCommands.SendProbes(id, send.Time + policy.Period));
            Reply();
        });
        Command<LoadBalancerCommands.TakeReply>(take =>
        {
            ((IProbingPolicy)_loadBalancer.Policy).Replied(take.Server.Index, take.Reply, take.Time);
            Reply();
        });
        Command<LoadBalancerCommands.GiveUpProbe>(probe =>
        {
            ((IProbingPolicy)_loadBalancer.Policy).Unanswered(probe.Server.Index, probe.Sent);
            Reply();
        });
        Command<LoadBalancerCommands.Observe>(observe =>
        {
            (_observation.Moment, _observation.Time) = (observe.Moment, Ticks.ToSeconds(observe.Time));
            _now = observe.Time;
            _loadBalancer.Observe(observe.Time, _observation);
            if (controller is null)
            {
                _addresses.TellDataCenter(
                    new LoadBalancerEvents.Observed(
                        id, observe.Moment, _observation.Time, [.. _observation.Features], [.. _observation.Available]), _self);
                return;
            }
            controller.Observe(_observation);
            Reply();
        });
        Command<LoadBalancerCommands.Decide>(_ =>
        {
            controller!.Decide(_weights);
            Adopt();
        });
        Command<LoadBalancerCommands.SetWeights>(set =>
        {
            set.Weights.CopyTo(_weights);
            Adopt();
        });
        Command<LoadBalancerCommands.EndEpisode>(end =>
        {
            Store(_tally.ToEvent());
            if (isControlled)
            {
                Store(new LoadBalancerJournal.WeightsDecided(0, servers, [.. _decided]));
            }
            if (_loadBalancer.Failures is { } failures)
            {
                _addresses.TellDataCenter(new LoadBalancerEvents.FailuresReported(id, failures), _self);
            }
            EpisodePart? part = end.HandsOver ? (controller as IEpisodeSource)?.Finish() : null;
            WhenStored(() => _addresses.TellDataCenter(new LoadBalancerEvents.EpisodeStored(id, part), _self));
        });
    }

    // Of an episode there is one event of each kind.
    protected override bool KeepsSnapshots => false;

    public static Props Props(
        LoadBalancerId id, DataCenterModel model, SimulationOptions options, IDataCenterAddresses addresses,
        ILoadBalancerController? controller, EpisodeJournal? journal = null, bool? isControlled = null) =>
        Akka.Actor.Props.Create(
            () => new LoadBalancerActor(id, model, options, addresses, controller, journal, isControlled ?? controller != null));

    private void Adopt()
    {
        _loadBalancer.SetWeights(_weights, _now);
        if (HasJournal)
        {
            _decided.AddRange(_weights);
        }
        Reply();
    }

    /// <summary>A job goes to its server; or nobody can take it, and its client is told.</summary>
    private void SendOrAnswer(bool sends, in Job job)
    {
        if (sends)
        {
            _tally.Open(job.Server);
            _next.Add(new ServerCommands.TakeJob(new ServerId(job.Server), _now + job.ToServer, job));
        }
        else
        {
            _addresses.Tell(new TrafficCommands.Answer(job.Number, JobRecord.Ended(job, _now)), _self);
        }
        Reply(completed: sends ? 0 : 1);
    }

    private void Reply(int completed = 0)
    {
        _addresses.TellDataCenter(new DataCenterEvents.EventHandled([.. _next], completed), _self);
        _next.Clear();
    }

    private sealed class Probes(LoadBalancerActor sender, ProbeDelays delays, long patience) : IProbes
    {
        public void Send(int server)
        {
            (long there, long back) = delays.Next();
            long sent = sender._now;
            sender._next.Add(new ServerCommands.AnswerProbe(
                new ServerId(server), sent + there, sender._loadBalancer.Id, back, sent, sent + patience));
        }
    }
}
