using Akka.Actor;
using Akka.Persistence;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Agents.DataCenter.LiveBalancers;

/// <summary>
/// The agent of one proxy and cluster. It learns from what passes, decides weights in every control period, and comes back from its journal
/// after a crash or a restart.
/// </summary>
/// <remarks>
/// A decision takes effect when its event is stored. What was learnt is stored with every <see cref="LearntEvery"/>th decision period and
/// at the end: a crash costs what was observed since.
/// </remarks>
public sealed class LiveBalancerActor : JournalledActor
{
    /// <summary>Control periods from one <see cref="LiveBalancerJournal.CapacitiesLearnt"/> to the next.</summary>
    public const int LearntEvery = 60;

    private readonly LiveBalancerState _state;
    private readonly IWeightSink _sink;
    private int _periods;

    /// <param name="journal">Null: what it decides and learns is kept nowhere.</param>
    public LiveBalancerActor(string cluster, LiveBalancer balancer, IWeightSink sink, AgentJournal? journal)
        : base(journal, LiveBalancerJournal.Agent(cluster))
    {
        _state = new LiveBalancerState(balancer);
        _sink = sink;
        Recover<RecoveryCompleted>(_ => GoOn(_ => true));
        Command<LiveBalancerCommands.SetServers>(set =>
        {
            if (_state.SetServers(set.Servers) is { } remembered)
            {
                // It is in the journal already.
                _sink.Publish(remembered);
            }
        });
        Command<LiveBalancerCommands.Observe>(observe => _state.Observe(observe.Passages));
        Command<LiveBalancerCommands.Decide>(Decide);
        Command<LiveBalancerCommands.Record>(record =>
        {
            Store(record.Event);
            WriteWaiting();
        });
        Command<LiveBalancerCommands.Recovered>(recovered => Sender.Tell(recovered));
        Command<LiveBalancerCommands.Settle>(settle =>
        {
            IActorRef asker = Sender;
            Store(_state.Learnt(settle.Time));
            WhenStored(() => asker.Tell(LiveBalancerCommands.Settled.Instance));
        });
    }

    public static Props Props(string cluster, LiveBalancer balancer, IWeightSink sink, AgentJournal? journal) =>
        Akka.Actor.Props.Create(() => new LiveBalancerActor(cluster, balancer, sink, journal));

    protected override byte[] SaveState() => _state.Save();

    protected override void RestoreState(ReadOnlySpan<byte> state) => _state.Restore(state);

    protected override void Apply(IJournalEvent stored)
    {
        switch (stored)
        {
            case LiveBalancerJournal.WeightsDecided decided:
                _state.Apply(decided);
                break;
            case LiveBalancerJournal.CapacitiesLearnt learnt:
                _state.Apply(learnt);
                break;
            default:
                // What was decided above the agent is for those who read the journal.
                break;
        }
    }

    private void Decide(LiveBalancerCommands.Decide decide)
    {
        if (++_periods % LearntEvery == 0)
        {
            Store(_state.Learnt(decide.Time));
            KeepSnapshot();
        }
        if (_state.Decide(decide.Now, decide.Time) is not { } decided)
        {
            WriteWaiting();
            _sink.Confirm();
            return;
        }
        Metrics.Decisions.Add(1, Metrics.Tag("family", "live"));
        Store(decided.Event);
        WhenStored(() => _sink.Publish(decided.Decision));
        PassBarrier();
    }
}
