using Akka.Actor;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Games;

/// <summary>The dynamic game, step after step: jobs arrive, their players place them, and every server works for one step.</summary>
public sealed class DynamicGameActor : GameActor
{
    /// <summary>Loads that count as none, relative to the largest initial one: what rounding may leave over.</summary>
    private const double Idle = 1e-9;

    private readonly DynamicGameOptions _options;
    private readonly IEnumerator<int> _picks;
    private readonly double _idle;

    private long _turn;
    private int _awaited;
    private bool _wasIdle;

    /// <param name="journal">Where players and servers store what they do; null: nowhere.</param>
    /// <param name="place">The cluster that they live on; null: here.</param>
    public DynamicGameActor(
        GameInstance<double> instance, DynamicGameOptions options, IGameObserver observer, AgentJournal? journal, PlayPlace? place)
        : base(
            instance,
            new Profile<double>(instance.Players, instance.Servers),
            share: 1,
            new ServerOptions(options.Arrivals == Arrivals.AllAtOnce, options.Service, options.Seed),
            observer,
            journal,
            place)
    {
        _options = options;
        _picks = options.Picks.GetEnumerator();
        _idle = Idle * Math.Max(1, instance.Loads.Max());
    }

    public static Props Props(
        GameInstance<double> instance, DynamicGameOptions options, IGameObserver observer, AgentJournal? journal = null,
        PlayPlace? place = null) =>
        Akka.Actor.Props.Create(() => new DynamicGameActor(instance, options, observer, journal, place));

    protected override void OnRoundReported()
    {
        _wasIdle |= Loads.IndexOfAnyExceptInRange(0, _idle) < 0;
        if ((_wasIdle && _options.Service == ServiceLaw.Constant) || Round >= _options.MaximumSteps)
        {
            Finish(_wasIdle);
        }
        else if (IsStopping)
        {
            Stop();
        }
        else
        {
            OpenRound();
            LetJobsArrive();
        }
    }

    protected override void OnMoved(PlayerEvents.Moved moved)
    {
        if (--_awaited == 0)
        {
            CloseRound(serve: true);
        }
    }

    protected override double PotentialNow() => 0;

    protected override Profile<double>? FinalProfile() => null;

    protected override void PostStop()
    {
        _picks.Dispose();
        base.PostStop();
    }

    private void LetJobsArrive()
    {
        switch (_options.Arrivals)
        {
            case Arrivals.One:
                _awaited = 1;
                _picks.MoveNext();
                TakeTurn(_picks.Current);
                break;
            case Arrivals.AllInTurn:
                _awaited = Instance.Players;
                Tell(new PlayerCommands.TakeToken(new PlayerId(0), _turn, NewJob: true, Left: Instance.Players - 1));
                _turn += Instance.Players;
                break;
            case Arrivals.AllAtOnce:
                _awaited = Instance.Players;
                for (int i = 0; i < Instance.Players; i++)
                {
                    TakeTurn(i);
                }
                break;
        }
    }

    private void TakeTurn(int player) => Tell(new PlayerCommands.TakeTurn(new PlayerId(player), _turn++, NewJob: true));
}
