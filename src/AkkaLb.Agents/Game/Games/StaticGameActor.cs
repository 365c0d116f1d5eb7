using Akka.Actor;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Game.Games;

/// <summary>The static game, round after round until the placements are an equilibrium, repeat, or the rounds are used up.</summary>
public sealed class StaticGameActor : GameActor
{
    /// <summary>
    /// A cycle is one only if its potential is this far (relatively) above the equilibrium's: near an equilibrium, moves that are damped
    /// change less than any tolerance and yet go on.
    /// </summary>
    private const double LeastExcessOfCycle = 1e-6;

    private readonly StaticGameOptions _options;
    private readonly Profile<double> _profile;
    private readonly double _leastPotential;
    private readonly IEnumerator<int>? _picks;
    private readonly VirtualClocks? _clocks;
    private readonly Recurrence? _recurrence;
    private readonly RandomStream? _activation;

    private long _turn;
    private int _awaited;

    /// <param name="journal">Where players and servers store what they do; null: nowhere.</param>
    /// <param name="place">The cluster that they live on; null: here.</param>
    public StaticGameActor(
        GameInstance<double> instance, StaticGameOptions options, IGameObserver observer, AgentJournal? journal, PlayPlace? place)
        : base(instance, options.Start, options.Share, Servers(options.Schedule), observer, journal, place)
    {
        _options = options;
        _profile = options.Start.Clone();
        _leastPotential = Equilibrium<double>.Of(instance).Potential;
        switch (options.Schedule)
        {
            case Schedule.RandomActivation random:
                _picks = random.Picks.GetEnumerator();
                break;
            case Schedule.PoissonClocks poisson:
                _clocks = new VirtualClocks(instance.Players, poisson.Latency, poisson.Seed);
                break;
            case Schedule.Simultaneous simultaneous when simultaneous.Activation < 1:
                _activation = new RandomStream(simultaneous.Seed, "environment");
                break;
            default:
                _recurrence = new Recurrence(instance);
                break;
        }
        Receive<PlayerEvents.Decided>(decided =>
        {
            Count(decided.Sent);
            if (!StopsWithinTheRound())
            {
                NextClockEvent();
            }
        });
    }

    public static Props Props(
        GameInstance<double> instance, StaticGameOptions options, IGameObserver observer, AgentJournal? journal = null,
        PlayPlace? place = null) =>
        Akka.Actor.Props.Create(() => new StaticGameActor(instance, options, observer, journal, place));

    protected override void OnRoundReported()
    {
        if (Equilibrium<double>.IsEquilibrium(Instance, _profile))
        {
            Finish(converged: true);
        }
        else if (_recurrence?.Period(Round, _profile) is { } period && PotentialNow() > _leastPotential * (1 + LeastExcessOfCycle))
        {
            Finish(converged: false, period);
        }
        else if (Round >= _options.MaximumRounds)
        {
            Finish(converged: false);
        }
        else if (IsStopping)
        {
            Stop();
        }
        else
        {
            OpenRound();
            Activate();
        }
    }

    protected override void OnMoved(PlayerEvents.Moved moved)
    {
        moved.Decision.Placement.CopyTo(_profile[moved.Player.Index]);
        if (_clocks is not null)
        {
            NextClockEvent();
        }
        else if (--_awaited == 0)
        {
            CloseRound(serve: false);
        }
        else if (_picks is not null)
        {
            NextPick();
        }
    }

    protected override double PotentialNow() => GameCosts.Potential(Instance, _profile);

    protected override Profile<double> FinalProfile() => _profile;

    protected override void PostStop()
    {
        _picks?.Dispose();
        base.PostStop();
    }

    private static ServerOptions Servers(Schedule schedule) => new(schedule is Schedule.Simultaneous, ServiceLaw.Constant, 0);

    private void Activate()
    {
        _awaited = Instance.Players;
        switch (_options.Schedule)
        {
            case Schedule.TokenRing:
                Tell(new PlayerCommands.TakeToken(new PlayerId(0), _turn, NewJob: false, Left: Instance.Players - 1));
                _turn += Instance.Players;
                break;
            case Schedule.RandomActivation:
                NextPick();
                break;
            case Schedule.PoissonClocks:
                NextClockEvent();
                break;
            case Schedule.Simultaneous simultaneous:
                ActivateAll(simultaneous.Activation);
                break;
        }
    }

    private void NextPick()
    {
        _picks!.MoveNext();
        TakeTurn(_picks.Current);
    }

    private void NextClockEvent()
    {
        switch (_clocks!.Next(until: Round))
        {
            case { Places: false } rings:
                Tell(new PlayerCommands.Observe(new PlayerId(rings.Player), _turn++));
                break;
            case { } places:
                Tell(new PlayerCommands.Place(new PlayerId(places.Player), _turn++));
                break;
            default:
                CloseRound(serve: false);
                break;
        }
    }

    private void ActivateAll(double activation)
    {
        _awaited = 0;
        for (int i = 0; i < Instance.Players; i++)
        {
            if (_activation is null || _activation.NextDouble() < activation)
            {
                _awaited++;
                TakeTurn(i);
            }
        }
        if (_awaited == 0)
        {
            CloseRound(serve: false);
        }
    }

    private void TakeTurn(int player) => Tell(new PlayerCommands.TakeTurn(new PlayerId(player), _turn++, NewJob: false));
}
