using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.DataCenter.Learners;

public class FactorisedSoftValuesTests
{
    private const int Heads = 3, Levels = 4;
    private const double Temperature = 0.3, H = 1e-2;

    private readonly FactorisedSoftValues _values = new(Heads, Levels);
    private readonly float[] _logits = Numbers.Gaussian(Heads * Levels, "logits").Span.ToArray();
    private readonly float[] _first = Numbers.Gaussian(1 + Heads * Levels, "first").Span.ToArray();
    private readonly float[] _second = Numbers.Gaussian(1 + Heads * Levels, "second").Span.ToArray();

    [Fact]
    public void SoftValue_FactorisedPolicy_IsTheExpectationOverAllJointActions()
    {
        double one = 0, two = 0, entropy = 0;
        for (int joint = 0; joint < Levels * Levels * Levels; joint++)
        {
            int[] actions = [joint % Levels, joint / Levels % Levels, joint / Levels / Levels];
            double p = Enumerable.Range(0, Heads).Aggregate(1.0, (product, head) => product * Probability(head, actions[head]));
            one += p * _values.Value(_first, actions);
            two += p * _values.Value(_second, actions);
            entropy -= p * Math.Log(p);
        }

        SoftValue(_second, Temperature).ShouldBe(Math.Min(one, two) + Temperature * entropy, 1e-6);
    }

    [Fact]
    public void ValueGradient_EveryOutput_MatchesFiniteDifferences()
    {
        int[] actions = [2, 0, 3];
        var gradient = new float[_first.Length];
        _values.ValueGradient(actions, 1.5, gradient);
        for (int i = 0; i < _first.Length; i++)
        {
            ((double)gradient[i]).ShouldBe(1.5 * Slope(_first, i, () => _values.Value(_first, actions)), 1e-4);
        }
    }

    [Fact]
    public void Actor_EveryLogit_MatchesFiniteDifferencesAndTheSoftValue()
    {
        float[] gradient = new float[_logits.Length], unused = new float[_logits.Length];
        ActorRow row = Actor(gradient);
        for (int i = 0; i < _logits.Length; i++)
        {
            double expected = 2 * Slope(_logits, i, () => Actor(unused).Loss);
            ((double)gradient[i]).ShouldBe(expected, 1e-4);
        }

        row.Entropy.ShouldBe(SoftValue(_first, 1) - SoftValue(_first, 0), 1e-6);
    }

    [Fact]
    public void ReferenceActor_AllDecisionsByTheirProbability_HasNoGradient()
    {
        double[] probabilities = new double[_logits.Length], logarithms = new double[_logits.Length], mean = new double[_logits.Length];
        _values.Probabilities(_logits, probabilities, logarithms);
        var gradient = new float[_logits.Length];
        for (int joint = 0; joint < Levels * Levels * Levels; joint++)
        {
            int[] actions = [joint % Levels, joint / Levels % Levels, joint / Levels / Levels];
            double p = Enumerable.Range(0, Heads).Aggregate(1.0, (product, head) => product * Probability(head, actions[head]));
            _values.ReferenceActor(probabilities, logarithms, _first, _second, actions, Temperature, 1, gradient);
            gradient.Any(g => Math.Abs(g) > 0.01).ShouldBeTrue();
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += p * gradient[i];
            }
        }

        mean.ShouldAllBe(m => Math.Abs(m) < 1e-6);
    }

    private double SoftValue(float[] second, double temperature)
    {
        double[] probabilities = new double[_logits.Length], logarithms = new double[_logits.Length];
        _values.Probabilities(_logits, probabilities, logarithms);
        (double value, double entropy) = _values.Expectation(probabilities, logarithms, _first, second);
        return value + temperature * entropy;
    }

    private ActorRow Actor(float[] gradient)
    {
        double[] probabilities = new double[_logits.Length], logarithms = new double[_logits.Length];
        _values.Probabilities(_logits, probabilities, logarithms);
        return _values.Actor(probabilities, logarithms, _first, _second, Temperature, 2, gradient);
    }

    private static double Slope(float[] values, int i, Func<double> function)
    {
        float kept = values[i], above = kept + (float)H, below = kept - (float)H;
        values[i] = above;
        double high = function();
        values[i] = below;
        double low = function();
        values[i] = kept;
        return (high - low) / ((double)above - below);
    }

    private double Probability(int head, int level) =>
        Math.Exp(_logits[head * Levels + level]) / Enumerable.Range(0, Levels).Sum(l => Math.Exp(_logits[head * Levels + l]));
}
