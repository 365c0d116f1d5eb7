using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.DataCenter.Traffic;

/// <summary>All clients: sends jobs to load balancers, and gets the servers' answers.</summary>
internal sealed class TrafficActor : ReceiveActor
{
    private readonly TrafficSource _source;
    private readonly bool _recordsJobs;
    private readonly List<JobRecord> _records = [];
    private readonly IDataCenterAddresses _addresses;
    private readonly IActorRef _self;

    private Job _next;
    private long _answers;
    private long? _awaited;

    public TrafficActor(DataCenterModel model, SimulationOptions options, IDataCenterAddresses addresses)
    {
        _addresses = addresses;
        _self = Self;
        _source = new TrafficSource(model.Traffic, model.LoadBalancers, options.Seed, options.Episode);
        _recordsJobs = options.RecordJobs;
        Receive<TrafficCommands.StartTraffic>(_ => Reply(Draw() is { } first ? [first] : []));
        Receive<TrafficCommands.SendJob>(send =>
        {
            LoadBalancerCommands.OpenConnection sent = new(new LoadBalancerId(_next.LoadBalancer), send.Time + _next.ToLoadBalancer, _next);
            Reply(Draw() is { } next ? [sent, next] : [sent]);
        });
        Receive<TrafficCommands.Answer>(answer =>
        {
            _answers++;
            if (_recordsJobs)
            {
                _records[(int)answer.Job] = answer.Record;
            }
            ReportIfComplete();
        });
        Receive<TrafficCommands.ReportJobs>(report =>
        {
            _awaited = report.Answers;
            ReportIfComplete();
        });
    }

    public static Props Props(DataCenterModel model, SimulationOptions options, IDataCenterAddresses addresses) =>
        Akka.Actor.Props.Create(() => new TrafficActor(model, options, addresses));

    /// <summary>The next job, to be sent when its time comes; null when there is none.</summary>
    private TrafficCommands.SendJob? Draw()
    {
        if (!_source.TryNext(ref _next))
        {
            return null;
        }
        if (_recordsJobs)
        {
            _records.Add(JobRecord.Sent(_next));
        }
        return new TrafficCommands.SendJob(_next.Created);
    }

    private void Reply(ImmutableArray<ITimedMessage> next) => _addresses.TellDataCenter(new DataCenterEvents.EventHandled(next), _self);

    private void ReportIfComplete()
    {
        if (_awaited == _answers)
        {
            _addresses.TellDataCenter(new TrafficEvents.JobsReported([.. _records]), _self);
        }
    }
}
