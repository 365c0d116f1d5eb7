using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Domain.Tests.DataCenter.Fairness;

/// <summary>
/// The published model of load balancers that do not meet: LB i owns the part v_j/M of every server j, so its backlog
/// X_ij ← max(0, X_ij + w_i α_ij − v_j/M) and its loads l_ij = (X_ij + w_i α_ij)/v_j follow from its own arrivals and splits alone. The sum
/// of all value functions is therefore an exact potential, for any reward made of own loads. The simulator's servers are shared
/// instead, as real ones are.
/// </summary>
internal sealed class DecoupledGame
{
    private readonly float[] _rates;
    private readonly int _loadBalancers;
    private readonly double[,] _backlogs;

    /// <param name="rates">v_j, work per step; positive.</param>
    public DecoupledGame(IReadOnlyList<float> rates, int loadBalancers)
    {
        _rates = [.. rates];
        _loadBalancers = loadBalancers;
        _backlogs = new double[loadBalancers, rates.Count];
    }

    /// <summary>One step of one load balancer.</summary>
    /// <param name="work">w_i.</param>
    /// <param name="split">α_ij over servers, summing to 1.</param>
    /// <param name="loads">Gets l_ij.</param>
    public void Step(LoadBalancerId loadBalancer, double work, ReadOnlySpan<float> split, Span<float> loads)
    {
        for (int j = 0; j < _rates.Length; j++)
        {
            ref double backlog = ref _backlogs[loadBalancer.Index, j];
            double arrived = backlog + work * split[j];
            loads[j] = (float)(arrived / _rates[j]);
            backlog = Math.Max(0, arrived - _rates[j] / _loadBalancers);
        }
    }
}
