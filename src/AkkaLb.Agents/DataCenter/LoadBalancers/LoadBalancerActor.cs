using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.Learners;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Learning.DataCenter.Agents;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>One load balancer. It knows what passes through it and what servers answer to its probes; choices are its policy's.</summary>
public sealed class LoadBalancerActor : JournalledActor
{
    private readonly LoadBalancer _loadBalancer;
    private readonly KnownTruth _truth = new();
    private readonly List<ITimedMessage> _next = [];
    private readonly float[] _weights;
    private readonly LoadBalancerObservation _observation;

    private long _now, _decisions;

    /// <param name="traffic">Gets the answers for connections that no server can take.</param>
    /// <param name="controller">Sets the weights of the policy; null where they are those configured.</param>
    /// <param name="journal">Where the weights that the controller decides are stored; null: nowhere.</param>
    /// <param name="learners">Take what the controller, an <see cref="IEpisodeSource"/>, recorded in the episode; null: nobody learns from it.</param>
    public LoadBalancerActor(
        LoadBalancerId id, DataCenterModel model, SimulationOptions options, IActorRef traffic, ILoadBalancerController? controller, EpisodeJournal? journal,
        IActorRef? learners)
        : base(journal?.Journal, LoadBalancerJournal.Agent(id, journal?.Episode ?? ""))
    {
        int servers = model.Servers.Count;
        ProbeDelays delays = new(model.Probing, id, options.Seed, options.Episode);
        _loadBalancer = LoadBalancerFactory.Create(
            model, id.Index, options.Policy, options.Seed, options.Episode, observed: controller is not null,
            new Probes(this, delays, model.Probing.Patience), _truth);
        _weights = [.. Enumerable.Repeat(1f, servers)];
        _observation = new LoadBalancerObservation(id, servers);

        Command<LoadBalancerCommands.SetAvailable>(set => _loadBalancer.SetAvailable(set.Available));
        Command<LoadBalancerCommands.Start>(_ =>
        {
            if (_loadBalancer.Policy is IProbingPolicy { Period: > 0 })
            {
                _next.Add(new LoadBalancerCommands.SendProbes(id, 0));
            }
            Reply();
        });
        Command<LoadBalancerCommands.OpenConnection>(open =>
        {
            _now = open.Time;
            _truth.Set(open.Truth);
            Job job = open.Job;
            bool opened = _loadBalancer.TryOpen(ref job, open.Time);
            if (opened)
            {
                _next.Add(new ServerCommands.TakeJob(new ServerId(job.Server), open.Time + job.ToServer, job));
            }
            else
            {
                (job.Rejected, job.Server) = (true, -1);
                traffic.Tell(new TrafficCommands.Answer(job.Number, JobRecord.Ended(job, open.Time)));
            }
            Reply(completed: opened ? 0 : 1);
        });
        Command<LoadBalancerCommands.CloseConnection>(close =>
        {
            _loadBalancer.Close(close.Job, close.Time);
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
            _loadBalancer.Observe(observe.Time, _observation);
            controller!.Observe(_observation);
            Reply();
        });
        Command<LoadBalancerCommands.Decide>(_ =>
        {
            controller!.Decide(_weights);
            ((IWeightedPolicy)_loadBalancer.Policy).SetWeights(_weights);
            Store(new LoadBalancerJournal.WeightsSet(_decisions++, [.. _weights]));
            Reply();
        });
        Command<LoadBalancerCommands.HandOver>(_ =>
        {
            learners!.Tell(new LearnerCommands.TakeEpisode(id, ((IEpisodeSource)controller!).Finish()));
            Reply();
        });
    }

    public static Props Props(
        LoadBalancerId id, DataCenterModel model, SimulationOptions options, IActorRef traffic, ILoadBalancerController? controller, EpisodeJournal? journal = null,
        IActorRef? learners = null) =>
        Akka.Actor.Props.Create(() => new LoadBalancerActor(id, model, options, traffic, controller, journal, learners));

    private void Reply(int completed = 0)
    {
        Sender.Tell(new DataCenterEvents.EventHandled([.. _next], completed), Self);
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
