using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.DataCenter.Traffic;

/// <summary>All clients: sends jobs to load balancers, and gets the servers' answers.</summary>
public sealed class TrafficActor : ReceiveActor
{
    private readonly TrafficSource _source;
    private readonly bool _recordsJobs;
    private readonly List<JobRecord> _records = [];

    private Job _next;
    private long _answers;
    private (IActorRef Asker, long Answers)? _awaited;

    public TrafficActor(DataCenterModel model, SimulationOptions options)
    {
        _source = new TrafficSource(model.Traffic, model.LoadBalancers, options.Seed, options.Episode);
        _recordsJobs = options.RecordJobs;
        Receive<TrafficCommands.StartTraffic>(_ => Reply([.. Draw()]));
        Receive<TrafficCommands.SendJob>(send =>
        {
            LoadBalancerCommands.OpenConnection sent = new(new LoadBalancerId(_next.LoadBalancer), send.Time + _next.ToLoadBalancer, _next);
            Reply([sent, .. Draw()]);
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
            _awaited = (Sender, report.Answers);
            ReportIfComplete();
        });
    }

    public static Props Props(DataCenterModel model, SimulationOptions options) => Akka.Actor.Props.Create(() => new TrafficActor(model, options));

    private IEnumerable<ITimedMessage> Draw()
    {
        if (!_source.TryNext(ref _next))
        {
            yield break;
        }
        if (_recordsJobs)
        {
            _records.Add(JobRecord.Sent(_next));
        }
        yield return new TrafficCommands.SendJob(_next.Created);
    }

    private void Reply(IReadOnlyList<ITimedMessage> next) => Sender.Tell(new DataCenterEvents.EventHandled(next), Self);

    private void ReportIfComplete()
    {
        if (_awaited is { } awaited && awaited.Answers == _answers)
        {
            awaited.Asker.Tell(new TrafficEvents.JobsReported(_records), Self);
        }
    }
}
