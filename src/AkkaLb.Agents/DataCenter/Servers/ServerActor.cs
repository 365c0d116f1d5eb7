using Akka.Actor;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.DataCenter.Servers;

/// <summary>One server: takes jobs, works, and answers clients and probes. All arithmetic is <see cref="ServerModel"/>'s.</summary>
/// <remarks>
/// It has no journal: every episode begins with an empty server of the model's making, and what happens in it follows from what traffic and
/// load balancers do. A server that crashed is back when the episode is played again.
/// </remarks>
public sealed class ServerActor : ReceiveActor
{
    private readonly ServerId _id;
    private readonly FailureOptions _failures;
    private readonly IDataCenterAddresses _addresses;
    private readonly IActorRef _self;
    private readonly JobTable _jobs = new();
    private readonly ServerModel _model;
    private readonly List<ITimedMessage> _next = [];

    private long _due = Ticks.Never;
    private int _completed;

    /// <param name="isUp">False for a server that is not there at the start.</param>
    /// <param name="addresses">Where the data centre is, and traffic, which gets the answers.</param>
    /// <param name="failures">What load balancers see of jobs that fail.</param>
    public ServerActor(ServerId id, ServerOptions options, bool isUp, FailureOptions failures, IDataCenterAddresses addresses)
    {
        _failures = failures;
        _id = id;
        _addresses = addresses;
        _self = Self;
        _model = new ServerModel(options, _jobs);
        if (!isUp)
        {
            _model.Fail(0, []);
        }
        Receive<ServerCommands.TakeJob>(take =>
        {
            int job = _jobs.Add();
            _jobs[job] = take.Job;
            if (_model.Arrive(take.Time, job))
            {
                SetAlarm();
            }
            else
            {
                Reject(take.Time, job, established: false);
            }
            Reply();
        });
        Receive<ServerCommands.WorkOff>(work => Reply(stages: WorkOff(work.Time)));
        Receive<ServerCommands.AnswerProbe>(probe =>
        {
            _next.Add(_model.IsUp
                ? new LoadBalancerCommands.TakeReply(probe.LoadBalancer, probe.Time + probe.Back, id, _model.Probe())
                : new LoadBalancerCommands.GiveUpProbe(probe.LoadBalancer, Math.Max(probe.Time, probe.GivenUp), id, probe.Sent));
            Reply();
        });
        Receive<ServerCommands.AnswerCheck>(check =>
        {
            _next.Add(new LoadBalancerCommands.TakeCheck(
                check.LoadBalancer, _model.IsUp ? check.Time + check.Back : Math.Max(check.Time, check.GivenUp), id, _model.IsUp));
            Reply();
        });
        Receive<ServerCommands.Change>(change =>
        {
            Change(change.Time, change.What);
            Reply();
        });
        Receive<ServerCommands.ReportLoad>(report => addresses.TellDataCenter(
            new ServerEvents.LoadReported(
                id, _model.Present, _model.Busy, _model.ProcessorUse, _model.RemainingTime(report.Time), _model.Speed,
                _model.IsUp),
            _self));
    }

    public static Props Props(ServerId id, ServerOptions options, bool isUp, FailureOptions failures, IDataCenterAddresses addresses) =>
        Akka.Actor.Props.Create(() => new ServerActor(id, options, isUp, failures, addresses));

    /// <returns>Stages of jobs that ended; 0 when an earlier alarm has taken the place of this one.</returns>
    private int WorkOff(long now)
    {
        if (_due != now)
        {
            return 0;
        }
        _due = Ticks.Never;
        int stages = 0;
        while (_model.TryComplete(now, out int left))
        {
            stages++;
            if (left >= 0)
            {
                Leave(now, left);
            }
        }
        SetAlarm();
        return stages;
    }

    private void Change(long now, CapacityChange change)
    {
        switch (change.Kind)
        {
            case CapacityChangeKind.Speed:
                _model.SetSpeed(now, change.Speed);
                SetAlarm();
                break;
            case CapacityChangeKind.Fail:
                List<int> lost = [];
                _model.Fail(now, lost);
                foreach (int job in lost)
                {
                    Reject(now, job, established: true);
                }
                break;
            case CapacityChangeKind.Return or CapacityChangeKind.Add:
                _model.Return();
                break;
            default:
                break;
        }
    }

    /// <summary>The server refuses a job, or is dead and says nothing.</summary>
    private void Reject(long now, int index, bool established)
    {
        ref Job job = ref _jobs[index];
        (job.Rejected, job.TimedOut) = (true, !_model.IsUp);
        if (_failures.Seen(job, now, established) is { } seen)
        {
            job.Returned = true;
            _next.Add(new LoadBalancerCommands.CloseConnection(new LoadBalancerId(job.LoadBalancer), seen, job));
            _jobs.Remove(index);
            return;
        }
        Leave(now, index);
    }

    /// <summary>The job's answer goes to the client, and its close then to the load balancer.</summary>
    private void Leave(long now, int index)
    {
        Job job = _jobs[index];
        _completed++;
        _addresses.Tell(new TrafficCommands.Answer(job.Number, JobRecord.Ended(job, now)), _self);
        _next.Add(new LoadBalancerCommands.CloseConnection(new LoadBalancerId(job.LoadBalancer), now + job.UntilClosed, job));
        _jobs.Remove(index);
    }

    private void SetAlarm()
    {
        if (_model.NextCompletion < _due)
        {
            _due = _model.NextCompletion;
            _next.Add(new ServerCommands.WorkOff(_id, _due));
        }
    }

    private void Reply(int stages = 0)
    {
        _addresses.TellDataCenter(new DataCenterEvents.EventHandled([.. _next], _completed, stages), _self);
        _next.Clear();
        _completed = 0;
    }
}
