using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Networks;

/// <summary>
/// The episodes that a network plays side by side: routes the flows of each under its agents' weights, and writes down what the learner
/// needs.
/// </summary>
internal sealed class EpisodeLanes
{
    private readonly NetworkModel _model;
    private readonly ScenarioSchedule _scenarios;
    private readonly NetworkEnvironment[] _environments;

    // [lane][link].
    private readonly double[][] _weights;

    public EpisodeLanes(ScenarioSchedule scenarios, NetworkModel model)
    {
        (_scenarios, _model) = (scenarios, model);
        int lanes = NetworkLanes.Most(model);
        _environments = [.. Enumerable.Range(0, lanes).Select(_ => new NetworkEnvironment(scenarios.Of(0)))];
        _weights = [.. Enumerable.Range(0, lanes).Select(_ => new double[model.LinkCount])];
    }

    /// <summary>At most.</summary>
    public int Limit => _environments.Length;

    /// <summary>Those at play, in the order of their numbers.</summary>
    public EpisodeTrajectory[] Trajectories { get; private set; } = [];

    public int Horizon { get; private set; }

    public bool IsOver => Horizon == _model.Options.Horizons;

    public void Begin(long first, int count, long policyVersion)
    {
        Trajectories = [.. Enumerable.Range(0, count).Select(lane => new EpisodeTrajectory(_model, first + lane, policyVersion))];
        for (int lane = 0; lane < count; lane++)
        {
            _environments[lane].Reset(_scenarios.At(first + lane));
            _environments[lane].Weights.CopyTo(_weights[lane]);
        }
        Horizon = 0;
        RecordStates();
    }

    /// <summary>They are to be played again.</summary>
    public void Drop() => Trajectories = [];

    /// <summary>Load of a link over its capacity, in each lane.</summary>
    public double[] Utilisation(int link)
    {
        double[] utilisation = new double[Trajectories.Length];
        for (int lane = 0; lane < utilisation.Length; lane++)
        {
            utilisation[lane] = _environments[lane].Utilisation[link];
        }
        return utilisation;
    }

    public void Record(LinkId link, LinkObservation[] observations)
    {
        for (int lane = 0; lane < observations.Length; lane++)
        {
            Span<float> record = Trajectories[lane].Observation(Horizon, link.Index);
            (record[0], record[1]) = (observations[lane].Load, observations[lane].Weight);
        }
    }

    public void Record(LinkId link, Decision[] decisions)
    {
        for (int lane = 0; lane < decisions.Length; lane++)
        {
            Trajectories[lane].Record(Horizon, link.Index, decisions[lane]);
        }
    }

    public void Count(HorizonTraffic traffic)
    {
        foreach (EpisodeTrajectory lane in Trajectories)
        {
            lane.MessagesSent += traffic.States;
            lane.RequestsSent += traffic.Requests;
        }
    }

    /// <summary>A link's weights, one in each lane.</summary>
    public void Set(LinkId link, double[] weights)
    {
        for (int lane = 0; lane < weights.Length; lane++)
        {
            _weights[lane][link.Index] = weights[lane];
        }
    }

    /// <summary>All links have their weights: routes the flows, and goes to the next horizon.</summary>
    /// <param name="exchanges">That the team made, at most.</param>
    public void Step(int exchanges)
    {
        // All agents wait for this, so their processors are free; lanes share nothing.
        Parallel.For(0, Trajectories.Length, lane => _environments[lane].Step(_weights[lane]));
        foreach (EpisodeTrajectory lane in Trajectories)
        {
            lane.TeamExchanges += exchanges;
            lane.Exchanges(Horizon) = exchanges;
        }
        Horizon++;
        RecordStates();
    }

    /// <summary>The episodes that are over.</summary>
    public EpisodeTrajectory[] Take()
    {
        EpisodeTrajectory[] played = Trajectories;
        Trajectories = [];
        for (int lane = 0; lane < played.Length; lane++)
        {
            _weights[lane].CopyTo(played[lane].FinalWeights, 0);
        }
        return played;
    }

    private void RecordStates()
    {
        for (int lane = 0; lane < Trajectories.Length; lane++)
        {
            NetworkEnvironment environment = _environments[lane];
            Trajectories[lane].Objective[Horizon] = environment.Phi;
            Trajectories[lane].Measure[Horizon] = RewardMeasures.Compute(
                _model.Options.RewardMeasure, environment.Phi, environment.UpUtilisation);
        }
    }
}
