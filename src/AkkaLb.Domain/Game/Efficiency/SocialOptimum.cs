namespace AkkaLb.Domain.Game;

/// <summary>
/// The profile of least social cost, exactly, for small games. The social cost is not convex, so a convex solver would only find local
/// optima. Instead every face of the feasible set (which servers each player uses) is tried: the stationary point of the cost on the
/// face solves a linear system, and the least cost among the feasible ones is the optimum.
/// </summary>
/// <remarks>
/// A face whose system is singular can be skipped: along a null direction the cost is constant, so the same cost is attained on a
/// smaller face.
/// </remarks>
public static class SocialOptimum
{
    /// <summary>Games with more faces, (2^m − 1)^n, are refused. Use the bound Σ W_i ≥ min Φ there.</summary>
    public const int MaximumFaces = 1_000_000;

    public static bool IsSmallEnough(int players, int servers) =>
        servers <= 20 && Math.Pow((1 << servers) - 1, players) <= MaximumFaces;

    /// <exception cref="ArgumentException">The game has more than <see cref="MaximumFaces"/> faces.</exception>
    public static CostedProfile Of(GameInstance<double> instance, SocialCost objective = SocialCost.JobWeighted)
    {
        int players = instance.Players, faces = (1 << instance.Servers) - 1;
        if (!IsSmallEnough(players, instance.Servers))
        {
            throw new ArgumentException($"the exact optimum needs at most {MaximumFaces} faces", nameof(instance));
        }

        double[] weights = SocialCostWeights.Of(instance, objective);
        var support = new int[players];
        Array.Fill(support, 1);
        CostedProfile? best = null;
        do
        {
            if (StationaryPoint(instance, weights, support) is { } profile)
            {
                double cost = SocialCostWeights.Cost(instance, profile, weights);
                if (best is null || cost < best.Cost)
                {
                    best = new CostedProfile(cost, profile);
                }
            }
        }
        while (Advance(support, faces));

        return best!; // vertices are feasible stationary points of themselves
    }

    /// <summary>Counts through all combinations of nonempty server sets, as bit masks 1 … faces.</summary>
    private static bool Advance(int[] support, int faces)
    {
        for (int i = 0; i < support.Length; i++)
        {
            if (support[i] < faces)
            {
                support[i]++;
                return true;
            }

            support[i] = 1;
        }

        return false;
    }

    /// <summary>
    /// Solves, for the used (i, j): v_i (s_j + l_ij) + Σ_{k≠i} (v_i + v_k) l_kj = μ_j ν_i, with Σ_j l_ij = λ_i; null unless there is one
    /// nonnegative solution.
    /// </summary>
    private static Profile<double>? StationaryPoint(GameInstance<double> instance, double[] weights, int[] support)
    {
        int players = instance.Players;
        List<(int Player, int Server)> used = [];
        for (int i = 0; i < players; i++)
        {
            for (int j = 0; j < instance.Servers; j++)
            {
                if ((support[i] >> j & 1) != 0)
                {
                    used.Add((i, j));
                }
            }
        }

        int size = used.Count + players;
        var system = new double[size, size + 1];
        for (int row = 0; row < used.Count; row++)
        {
            (int i, int j) = used[row];
            double rate = instance.Rates[j];
            for (int column = 0; column < used.Count; column++)
            {
                (int k, int server) = used[column];
                if (server == j)
                {
                    system[row, column] = (k == i ? weights[i] : weights[i] + weights[k]) / rate;
                }
            }

            system[row, used.Count + i] = -1;
            system[row, size] = -weights[i] * instance.Loads[j] / rate;
            system[used.Count + i, row] = 1;
        }

        for (int i = 0; i < players; i++)
        {
            system[used.Count + i, size] = instance.Lengths[i];
        }

        if (!LinearSystem.Solve(system))
        {
            return null;
        }

        var profile = new Profile<double>(players, instance.Servers);
        for (int row = 0; row < used.Count; row++)
        {
            (int i, int j) = used[row];
            double amount = system[row, size];
            if (!(amount >= -1e-12 * instance.Lengths[i]))
            {
                return null;
            }

            profile[i][j] = Math.Max(amount, 0);
        }

        return IsFeasible(instance, profile) ? profile : null;
    }

    /// <summary>A nearly singular system may give rows that do not sum to the lengths.</summary>
    private static bool IsFeasible(GameInstance<double> instance, Profile<double> profile)
    {
        for (int i = 0; i < instance.Players; i++)
        {
            if (Math.Abs(GameCosts.Sum<double>(profile[i]) - instance.Lengths[i]) > 1e-9 * instance.Lengths[i])
            {
                return false;
            }
        }

        return true;
    }
}
