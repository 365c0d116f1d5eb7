using System.Buffers;

namespace AkkaLb.Domain.Network;

/// <summary>
/// What the objective would be if the weight of one link were multiplied by a factor and all other weights stayed: for every link and
/// factor, from one walk of the flows. Only flows that the change turns to another link are walked again from there, which is some thirty
/// times cheaper than to re-route all flows for every link. Not safe for use by several threads at once.
/// </summary>
public sealed class WeightMarginals
{
    private readonly NetworkScenario _scenario;
    private readonly double[] _factors;
    private readonly double[] _loads, _changed, _weights;
    private readonly RoutingDeviations? _deviations;

    /// <param name="factors">Above 0. 1 is allowed and costs nothing.</param>
    public WeightMarginals(NetworkScenario scenario, IReadOnlyList<double> factors)
    {
        foreach (double factor in factors)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor, nameof(factors));
        }

        _scenario = scenario;
        _factors = [.. factors];
        int links = scenario.Topology.LinkCount;
        _loads = new double[links];
        _changed = new double[links];
        _weights = new double[links];
        _deviations = (scenario.Router as FlowRouter)?.CreateDeviations(_factors);
    }

    /// <summary>Computes all marginals of a weight vector. Does not allocate.</summary>
    /// <param name="weights">One per link, above 0.</param>
    /// <param name="values">Set to the objective's value with link's weight times factor: [links, factors].</param>
    /// <returns>The objective's value at <paramref name="weights"/>.</returns>
    public double Compute(ReadOnlySpan<double> weights, Span<double> values)
    {
        int links = _loads.Length;
        if (weights.Length != links || values.Length != links * _factors.Length)
        {
            throw new ArgumentException(
                $"expected {links} weights and {links * _factors.Length} values, got {weights.Length} and {values.Length}");
        }

        if (_deviations is null)
        {
            return ComputeByRouting(weights, values);
        }

        _deviations.Walk(weights, _loads);
        double here = _scenario.Evaluate(_loads);
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<double> deviation = _deviations.Of(i);
            if (deviation.IsEmpty)
            {
                values[i] = here;
                continue;
            }

            for (int link = 0; link < links; link++)
            {
                _changed[link] = _loads[link] + deviation[link];
            }

            values[i] = _scenario.Evaluate(_changed);
        }

        return here;
    }

    private double ComputeByRouting(ReadOnlySpan<double> weights, Span<double> values)
    {
        weights.CopyTo(_weights);
        _scenario.Router.Route(_weights, _loads);
        double here = _scenario.Evaluate(_loads);
        for (int link = 0; link < _weights.Length; link++)
        {
            for (int f = 0; f < _factors.Length; f++)
            {
                _weights[link] = weights[link] * _factors[f];
                _scenario.Router.Route(_weights, _changed);
                values[link * _factors.Length + f] = _scenario.Evaluate(_changed);
            }

            _weights[link] = weights[link];
        }

        return here;
    }
}
