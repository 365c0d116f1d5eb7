using Akka.Actor;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Tests.Crashes;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Tests.Game;

/// <summary>Actors of a game that crash at any message leave its rounds, outcome and journal as they are without the crash.</summary>
public sealed class GameCrashTests() : GameTestKit(CrashingMailbox.Hocon)
{
    private const int CrashesOfAGame = 4;

    private static readonly GameInstance<double> Instance = Draw(5, 3);

    private readonly List<string> _failures = [];

    public static TheoryData<string, string, ulong> Kinds
    {
        get
        {
            TheoryData<string, string, ulong> data = [];
            foreach (string game in (string[])["ring", "random", "poisson", "simultaneous", "one", "in-turn", "at-once"])
            {
                foreach (string kind in (string[])["player-", "server-", "game"])
                {
                    data.Add(game, kind, 1);
                    data.Add(game, kind, 2);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Game_ActorsCrash_IsTheSameGame(string game, string kind, ulong seed)
    {
        CrashPlan plan = CrashPlan.Of(Sys);
        AgentJournal calm = StoredEvents.Journal("calm/", _failures), crashing = StoredEvents.Journal("crashing/", _failures);
        plan.Begin();
        Played expected = PlayGame(game, calm);
        plan.Begin(plan.Draw(kind, CrashesOfAGame, seed));
        Played played = PlayGame(game, crashing);

        plan.Crashes.ShouldBeGreaterThan(0);
        plan.Begin();
        Describe(played).ShouldBe(Describe(expected));
        string[] stored = [.. Agents.SelectMany(agent => this.Read(crashing, agent))];
        stored.ShouldBe(Agents.SelectMany(agent => this.Read(calm, agent)));
        stored.Length.ShouldBeGreaterThan(12);
        _failures.ShouldBeEmpty();
    }

    [Fact]
    public void Game_PlayedAgainWithAnotherPlacement_FailsAndNamesTheMove()
    {
        AgentJournal journal = StoredEvents.Journal("", _failures);
        GameInstance<double> instance = Draw(3, 2), other = Draw(3, 2, seed: 2);
        Play((o, agents) => StaticGameActor.Props(instance, Ring(instance), o, agents), journal);
        IActorRef play = Sys.ActorOf(PlayActor.Props(
            "game", agents => StaticGameActor.Props(other, Ring(other), new Recorder(), agents), journal));
        play.Tell(PlayCommands.StartPlay.Instance, TestActor);

        ExpectMsg<PlayEvents.PlayFailed>(Patience).Reason
            .ShouldBe("player-0: job-placed/1 0 differs from the one in the journal");
    }

    private static IEnumerable<string> Agents =>
    [
        .. Enumerable.Range(0, Instance.Players).Select(i => PlayerJournal.Agent(new PlayerId(i))),
        .. Enumerable.Range(0, Instance.Servers).Select(j => ServerJournal.Agent(new ServerId(j))),
    ];

    private Played PlayGame(string game, AgentJournal journal)
    {
        return game switch
        {
            "ring" => Static(new Schedule.TokenRing()),
            "random" => Static(new Schedule.RandomActivation(RandomPicks())),
            "poisson" => Static(new Schedule.PoissonClocks(0.25, 5)),
            "simultaneous" => Static(new Schedule.Simultaneous(0.5, 5)),
            "one" => Dynamic(Arrivals.One, ServiceLaw.Exponential),
            "in-turn" => Dynamic(Arrivals.AllInTurn, ServiceLaw.Constant),
            _ => Dynamic(Arrivals.AllAtOnce, ServiceLaw.Uniform),
        };

        Played Static(Schedule schedule) => Play(
            (o, agents) => StaticGameActor.Props(Instance, new StaticGameOptions(schedule, Empty(Instance), 0.5, 12), o, agents), journal);

        Played Dynamic(Arrivals arrivals, ServiceLaw service) => Play(
            (o, agents) => DynamicGameActor.Props(
                Instance, new DynamicGameOptions(arrivals, RandomPicks(), service, 12, 5), o, agents),
            journal);
    }

    private static IEnumerable<int> RandomPicks()
    {
        foreach (int player in Picks.Random(Instance.Players, new SplitMix64(5)))
        {
            yield return player;
        }
    }

    private static string Describe(Played played) => string.Join(
        '\n',
        [
            $"{played.Outcome with { Loads = [], Profile = null }} {string.Join(' ', played.Outcome.Loads)}",
            .. Enumerable.Range(0, Instance.Players).Select(i =>
                played.Outcome.Profile is { } profile ? string.Join(' ', profile[i].ToArray()) : "no profile"),
            .. played.Rounds.Select(round => $"{round with { Loads = [] }} {string.Join(' ', round.Loads)}"),
        ]);

    private static StaticGameOptions Ring(GameInstance<double> instance) => new(new Schedule.TokenRing(), Empty(instance), 1, 12);
}
