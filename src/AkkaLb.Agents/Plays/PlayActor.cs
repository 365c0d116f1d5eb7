using Akka.Actor;
using Akka.Event;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Plays;

/// <summary>
/// Owns a play, a game or an episode of a data centre, and plays it from its start again when an actor of it crashes. Draws are addressed,
/// and what agents have stored is compared with what they decide again, so the play comes to the end that it would have come to.
/// </summary>
/// <remarks>
/// All actors of the play are started anew: a lone blank successor would not know what the others told its predecessor. A crash costs what
/// has been played of the game or the episode.
/// </remarks>
public sealed class PlayActor : ReceiveActor
{
    /// <summary>A play is begun again so often within a minute; the crash after that ends it.</summary>
    public const int MostRepeats = RepeatLimit.Most;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RepeatLimit _crashes = new();
    private readonly string _name;
    private readonly Func<AgentJournal?, Props> _play;
    private readonly AgentJournal? _journal;

    private IActorRef _starter = ActorRefs.Nobody, _actor = ActorRefs.Nobody;
    private string? _crashed;
    private bool _stopping;

    /// <param name="name">Of the play's parent.</param>
    /// <param name="play">
    /// The play's parent, made from its inputs anew at every call: controllers, picks and observers remember what came before. It takes
    /// <see cref="PlayCommands"/>, tells this actor an <see cref="IPlayOutcome"/> or <see cref="PlayEvents.PlayCrashed"/>, and stops.
    /// </param>
    /// <param name="journal">Handed to <paramref name="play"/>; what agents cannot store ends the play.</param>
    public PlayActor(string name, Func<AgentJournal?, Props> play, AgentJournal? journal)
    {
        (_name, _play) = (name, play);
        IActorRef self = Self;
        _journal = journal is null ? null : journal with
        {
            Failed = reason =>
            {
                journal.Failed(reason);
                self.Tell(new PlayEvents.PlayFailed(reason), ActorRefs.NoSender);
            },
        };
        Receive<PlayCommands.StartPlay>(_ =>
        {
            _starter = Sender;
            Begin();
        });
        Receive<PlayCommands.StopPlay>(stop =>
        {
            _stopping = true;
            _actor.Tell(stop);
        });
        Receive<PlayEvents.PlayCrashed>(crashed => _crashed = crashed.Actor);
        Receive<IPlayOutcome>(End);
        Receive<Terminated>(_ => Repeat(_crashed ?? _name));
    }

    /// <inheritdoc cref="PlayActor(string, Func{AgentJournal?, Props}, AgentJournal?)"/>
    public static Props Props(string name, Func<AgentJournal?, Props> play, AgentJournal? journal = null) =>
        Akka.Actor.Props.Create(() => new PlayActor(name, play, journal));

    // The play is begun again when all its actors have ended: until then they may write to the same places.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Begin()
    {
        _crashed = null;
        _actor = Context.Watch(Context.ActorOf(_play(_journal), _name));
        _actor.Tell(PlayCommands.StartPlay.Instance);
        if (_stopping)
        {
            _actor.Tell(PlayCommands.StopPlay.Instance);
        }
    }

    private void Repeat(string crashed)
    {
        if (!_crashes.Allows(Context.System.Scheduler.MonotonicClock))
        {
            End(new PlayEvents.PlayFailed($"the {crashed} actor failed {MostRepeats + 1} times within a minute, see the log"));
            return;
        }
        _log.Warning("The {0} actor failed: the {1} is played from its start again", crashed, _name);
        Begin();
    }

    private void End(IPlayOutcome outcome)
    {
        _starter.Tell(outcome);
        Context.Stop(Self);
    }
}
