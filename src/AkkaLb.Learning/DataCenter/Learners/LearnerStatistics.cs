namespace AkkaLb.Learning.DataCenter.Learners;

/// <summary>What an agent's updates after one episode did; means over its gradient steps.</summary>
/// <param name="Updates">Gradient steps.</param>
/// <param name="CriticLoss">Mean squared error of the values.</param>
/// <param name="ActorLoss">Mean of E_π[α log π − advantage].</param>
/// <param name="Entropy">Of a decision for one server, in nats.</param>
/// <param name="Temperature">α after the last step.</param>
/// <param name="Value">Mean value of the actions taken.</param>
/// <param name="GradientNorm">Of the values' gradient, before clipping.</param>
public sealed record LearnerStatistics(
    int Updates, double CriticLoss, double ActorLoss, double Entropy, double Temperature, double Value, double GradientNorm)
{
    /// <summary>The mean of several agents' statistics.</summary>
    public static LearnerStatistics Mean(IReadOnlyList<LearnerStatistics> agents) => new(
        agents[0].Updates, agents.Average(a => a.CriticLoss), agents.Average(a => a.ActorLoss), agents.Average(a => a.Entropy),
        agents.Average(a => a.Temperature), agents.Average(a => a.Value), agents.Average(a => a.GradientNorm));
}

/// <summary>Sums over gradient steps.</summary>
internal struct LearnerSums
{
    public double Critic, Actor, Entropy, Value, Norm;
    public int Steps;

    public readonly LearnerStatistics Mean(double temperature)
    {
        double n = Math.Max(Steps, 1);
        return new LearnerStatistics(Steps, Critic / n, Actor / n, Entropy / n, temperature, Value / n, Norm / n);
    }
}
