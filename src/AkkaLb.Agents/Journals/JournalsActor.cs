using Akka.Actor;

namespace AkkaLb.Agents.Journals;

/// <summary>The journals of a run: one child for each agent. Says once when something fails, and stores nothing more then.</summary>
public sealed class JournalsActor : ReceiveActor
{
    private readonly Dictionary<string, IActorRef> _agents = [];
    private readonly string _prefix;
    private readonly int _snapshotEvery;
    private readonly Func<Exception, string> _describe;
    private readonly List<IActorRef> _askers = [];
    private int _unsettled;
    private string? _failure;

    /// <param name="prefix">Stands before every agent's name in the database.</param>
    /// <param name="snapshotEvery">Events of an agent from one of its snapshots to the next.</param>
    /// <param name="describe">Says in one line why something could not be stored or read.</param>
    /// <param name="onFailure">Called once, with one line.</param>
    public JournalsActor(string prefix, int snapshotEvery, Func<Exception, string> describe, Action<string> onFailure)
    {
        _describe = describe;
        _prefix = prefix;
        _snapshotEvery = snapshotEvery;
        Receive<JournalCommands.Store>(store =>
        {
            if (_failure is null)
            {
                Agent(store.Agent).Tell(store.Event);
            }
        });
        Receive<JournalCommands.Settle>(OnSettle);
        Receive<JournalEvents.Settled>(_ =>
        {
            _unsettled--;
            AnswerIfSettled();
        });
        Receive<JournalEvents.JournalFailed>(failed =>
        {
            if (_failure is null)
            {
                _failure = failed.Reason;
                onFailure(failed.Reason);
                AnswerIfSettled();
            }
        });
    }

    public static Props Props(string prefix, int snapshotEvery, Func<Exception, string> describe, Action<string> onFailure) =>
        Akka.Actor.Props.Create(() => new JournalsActor(prefix, snapshotEvery, describe, onFailure));

    // A blank successor would store what its predecessor has stored.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Self.Tell(new JournalEvents.JournalFailed(_describe(e)));
        return Directive.Stop;
    });

    private void OnSettle(JournalCommands.Settle settle)
    {
        _askers.Add(Sender);
        // Those who asked before wait for what this one waits for too.
        foreach (IActorRef agent in _agents.Values)
        {
            agent.Tell(settle);
            _unsettled++;
        }
        AnswerIfSettled();
    }

    private void AnswerIfSettled()
    {
        if (_failure is null && _unsettled > 0)
        {
            return;
        }
        object answer = _failure is null ? JournalEvents.Settled.Instance : new JournalEvents.JournalFailed(_failure);
        foreach (IActorRef asker in _askers)
        {
            asker.Tell(answer);
        }
        _askers.Clear();
    }

    private IActorRef Agent(string name)
    {
        if (!_agents.TryGetValue(name, out IActorRef? agent))
        {
            agent = Context.ActorOf(AgentJournalActor.Props(_prefix + name, _snapshotEvery, _describe), name);
            _agents.Add(name, agent);
        }
        return agent;
    }
}
