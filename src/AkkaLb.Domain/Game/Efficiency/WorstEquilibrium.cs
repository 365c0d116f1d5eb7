namespace AkkaLb.Domain.Game;

/// <summary>
/// The equilibrium of greatest social cost. All equilibria share level and totals, so it is the one of least Σ v_i l_ij²/μ_j among the
/// nonnegative matrices with row sums λ_i and column sums F_j: a strictly convex programme over the transportation polytope.
/// </summary>
/// <remarks>
/// The optimum has the form l_ij = (μ_j/v_i)(α_i + β_j)^+. Ascent on the dual, alternately exact in α and in β, each of which is a
/// water-filling of the rows or of the columns. The proportional profile is an interior point, so the dual solution is bounded and the
/// ascent converges linearly.
/// </remarks>
public static class WorstEquilibrium
{
    private const int MaximumRounds = 100_000;

    /// <summary>Column sums must agree with the equilibrium's totals to this share of the total length.</summary>
    private const double Accuracy = 1e-12;

    /// <exception cref="InvalidOperationException">The ascent did not converge.</exception>
    public static CostedProfile Of(GameInstance<double> instance, SocialCost objective = SocialCost.JobWeighted)
    {
        double[] weights = SocialCostWeights.Of(instance, objective);
        Equilibrium<double> equilibrium = Equilibrium<double>.Of(instance);
        int[] used = Enumerable.Range(0, instance.Servers).Where(j => equilibrium.Totals[j] > 0).ToArray();
        double[] totals = used.Select(j => equilibrium.Totals[j]).ToArray();
        double[] rates = used.Select(j => instance.Rates[j]).ToArray();
        double[][] rows = LeastSquares(instance.Lengths.AsSpan(), totals, rates, weights);

        var profile = new Profile<double>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            for (int k = 0; k < used.Length; k++)
            {
                profile[i][used[k]] = rows[i][k];
            }
        }

        return new CostedProfile(SocialCostWeights.Cost(instance, profile, weights), profile);
    }

    private static double[][] LeastSquares(ReadOnlySpan<double> lengths, double[] totals, double[] rates, double[] weights)
    {
        int players = lengths.Length, servers = totals.Length;
        double[][] rows = new double[players][];
        for (int i = 0; i < players; i++)
        {
            rows[i] = new double[servers];
        }

        double[] heights = new double[servers]; // β
        double[] slopes = weights.Select(weight => 1 / weight).ToArray();
        double[] depths = new double[players], rowLoads = new double[servers], columnLoads = new double[players];
        double slack = Accuracy * GameCosts.Sum<double>(totals);
        for (int round = 0; round < MaximumRounds; round++)
        {
            for (int i = 0; i < players; i++)
            {
                // Σ_j (μ_j/v_i)(α_i + β_j)^+ = λ_i, a filling of servers with loads −μ_j β_j.
                for (int j = 0; j < servers; j++)
                {
                    rowLoads[j] = -rates[j] * heights[j];
                }

                depths[i] = WaterFilling.Fill(rowLoads, rates, weights[i] * lengths[i], rows[i]).Level;
                foreach (ref double amount in rows[i].AsSpan())
                {
                    amount *= slopes[i];
                }
            }

            if (ColumnsAgree(rows, totals, slack))
            {
                return rows;
            }

            for (int j = 0; j < servers; j++)
            {
                // Σ_i (1/v_i)(α_i + β_j)^+ = F_j/μ_j, a filling of players with rates 1/v_i and loads −α_i/v_i.
                for (int i = 0; i < players; i++)
                {
                    columnLoads[i] = -depths[i] * slopes[i];
                }

                heights[j] = WaterFilling.Level(columnLoads, slopes, totals[j] / rates[j]).Level;
            }
        }

        throw new InvalidOperationException($"the worst equilibrium was not found in {MaximumRounds} rounds");
    }

    private static bool ColumnsAgree(double[][] rows, double[] totals, double slack)
    {
        for (int j = 0; j < totals.Length; j++)
        {
            double sum = 0;
            foreach (double[] row in rows)
            {
                sum += row[j];
            }

            if (Math.Abs(sum - totals[j]) > slack)
            {
                return false;
            }
        }

        return true;
    }
}
