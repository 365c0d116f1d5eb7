namespace AkkaLb.Domain.Game;

/// <summary>Who gets the job at each step: sequences of player indices, without end unless they are given.</summary>
public static class Picks
{
    /// <summary>Player t mod n at step t.</summary>
    public static IEnumerable<int> RoundRobin(int players)
    {
        while (true)
        {
            for (int player = 0; player < players; player++)
            {
                yield return player;
            }
        }
    }

    /// <summary>Uniform and independent, from the portable generator.</summary>
    public static IEnumerable<int> Random(int players, SplitMix64 generator)
    {
        while (true)
        {
            yield return generator.NextIndex(players);
        }
    }

    /// <summary>A player with the longest job, always: the exact worst case, as T is monotone in every length.</summary>
    public static IEnumerable<int> AlwaysLongest<T>(GameInstance<T> instance) where T : System.Numerics.INumber<T>
    {
        int longest = instance.Lengths.IndexOf(instance.LongestLength);
        while (true)
        {
            yield return longest;
        }
    }
}
