namespace AkkaLb.Domain.DataCenter.Fairness;

/// <summary>How evenly loads l_j lie on N servers; larger is fairer for all of them.</summary>
public enum FairnessMeasure
{
    /// <summary>VBF: −Var_j(l_j), the population variance; 0 when all are equal.</summary>
    Variance,

    /// <summary>PBF: Π_j (l_j / (max l + 10⁻⁶)), as released; 0 as soon as one server is idle, all of them too.</summary>
    Product,

    /// <summary>−max_j l_j.</summary>
    Makespan,

    /// <summary>Jain's index (Σ l)²/(N Σ l²) − 1, from 1/N − 1 to 0.</summary>
    Jain,

    /// <summary>G: Π_j (l_j/max l); 1 when all are equal.</summary>
    RatioProduct,
}

/// <summary>The measures and the rewards made of them (specification of the data-centre family, sections 1.2 and 1.4).</summary>
public static class Fairness
{
    private const double ProductOffset = 1e-6;

    /// <param name="loads">l_j, from 0, at least one.</param>
    public static double Of(FairnessMeasure measure, ReadOnlySpan<float> loads) => measure switch
    {
        FairnessMeasure.Variance => -Variance(loads),
        FairnessMeasure.Product => Product(loads, Maximum(loads) + ProductOffset),
        FairnessMeasure.Makespan => -Maximum(loads),
        FairnessMeasure.Jain => JainIndex(loads) - 1,
        FairnessMeasure.RatioProduct => Maximum(loads) is > 0 and var most ? Product(loads, most) : 1,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "unknown measure"),
    };

    /// <summary>−ln(c + ε) of the cost c = −F(l): what is added to a reward so that it still grows where the cost is nearly none.</summary>
    /// <param name="measure">One that is at most 0: variance, makespan or Jain.</param>
    /// <param name="epsilon">ε, positive: without it the reward is infinite at equal loads.</param>
    public static double Logarithm(FairnessMeasure measure, ReadOnlySpan<float> loads, double epsilon) =>
        -Math.Log(epsilon - Of(measure, loads));

    /// <summary>
    /// The marginal contribution of one load balancer, F(l) − F(l − l_i): the wonderful-life reward, under which the game has the exact
    /// potential F. Its own fairness F(l_i) alone has not.
    /// </summary>
    /// <param name="total">l_j of all load balancers.</param>
    /// <param name="own">l_ij of this one.</param>
    public static double Marginal(FairnessMeasure measure, ReadOnlySpan<float> total, ReadOnlySpan<float> own)
    {
        Span<float> others = total.Length <= 256 ? stackalloc float[total.Length] : new float[total.Length];
        for (int j = 0; j < others.Length; j++)
        {
            others[j] = total[j] - own[j];
        }
        return Of(measure, total) - Of(measure, others);
    }

    /// <summary>Var_j(l_j), divided by N.</summary>
    public static double Variance(ReadOnlySpan<float> loads) => Covariance(loads, loads);

    /// <summary>Cov_j(a_j, b_j), divided by N.</summary>
    public static double Covariance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double meanA = Mean(a), meanB = Mean(b), sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += (a[j] - meanA) * (b[j] - meanB);
        }
        return sum / a.Length;
    }

    /// <summary>(Σ l)²/(N Σ l²), from 1/N to 1; 1 when all are 0.</summary>
    public static double JainIndex(ReadOnlySpan<float> loads)
    {
        (double sum, double squares) = (0, 0);
        foreach (float load in loads)
        {
            sum += load;
            squares += (double)load * load;
        }
        return squares == 0 ? 1 : sum * sum / (loads.Length * squares);
    }

    /// <summary>max_j l_j.</summary>
    public static double Maximum(ReadOnlySpan<float> loads)
    {
        double most = 0;
        foreach (float load in loads)
        {
            most = Math.Max(most, load);
        }
        return most;
    }

    private static double Product(ReadOnlySpan<float> loads, double scale)
    {
        double product = 1;
        foreach (float load in loads)
        {
            product *= load / scale;
        }
        return product;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }
        return sum / values.Length;
    }
}
