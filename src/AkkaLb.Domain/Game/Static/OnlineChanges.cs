using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>A game and a profile of it.</summary>
public sealed record GameState<T>(GameInstance<T> Instance, Profile<T> Profile) where T : INumber<T>;

/// <summary>
/// How an equilibrium follows changes of the jobs. A new or a grown job needs the best response of its own player only. A departure or
/// a shrunk job may lower other servers below the level, so one full pass is needed, and suffices. Every method starts from an
/// equilibrium, returns one, and leaves its argument as it is.
/// </summary>
public static class OnlineChanges
{
    /// <summary>A new player, the last one of the result, arrives with a job.</summary>
    public static GameState<T> Insert<T>(GameState<T> state, T length) where T : INumber<T>
    {
        (GameInstance<T> old, Profile<T> profile) = state;
        GameInstance<T> instance = old.WithLengths([.. old.Lengths, length]);
        var larger = new Profile<T>(instance.Players, instance.Servers);
        for (int i = 0; i < old.Players; i++)
        {
            profile[i].CopyTo(larger[i]);
        }

        new BestResponseDynamics<T>(instance, larger).Update(old.Players);
        return new GameState<T>(instance, larger);
    }

    /// <summary>A player leaves with its job; the players behind it move up by one. At least one player must remain.</summary>
    public static GameState<T> Remove<T>(GameState<T> state, int player) where T : INumber<T>
    {
        (GameInstance<T> old, Profile<T> profile) = state;
        GameInstance<T> instance = old.WithLengths([.. old.Lengths.RemoveAt(player)]);
        var smaller = new Profile<T>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            profile[i < player ? i : i + 1].CopyTo(smaller[i]);
        }

        new BestResponseDynamics<T>(instance, smaller).Pass();
        return new GameState<T>(instance, smaller);
    }

    /// <summary>
    /// A job changes its length. A shrinking one keeps its fractions, so that no row exceeds its length when the pass starts.
    /// </summary>
    public static GameState<T> Resize<T>(GameState<T> state, int player, T length) where T : INumber<T>
    {
        (GameInstance<T> old, Profile<T> profile) = state;
        GameInstance<T> instance = old.WithLengths([.. old.Lengths.SetItem(player, length)]);
        Profile<T> changed = profile.Clone();
        if (length >= old.Lengths[player])
        {
            new BestResponseDynamics<T>(instance, changed).Update(player);
            return new GameState<T>(instance, changed);
        }

        T scale = length / old.Lengths[player];
        foreach (ref T amount in changed[player])
        {
            amount *= scale;
        }

        new BestResponseDynamics<T>(instance, changed).Pass();
        return new GameState<T>(instance, changed);
    }
}
