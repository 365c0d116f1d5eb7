namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>What an agent's policy sees of its link: load and weight, normalised as the model's options say.</summary>
public readonly record struct LinkObservation(float Load, float Weight);
