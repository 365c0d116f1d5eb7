namespace AkkaLb.Domain.Network;

/// <summary>What holds from one change of flows or links to the next; immutable.</summary>
/// <param name="Missing">Links that are down.</param>
/// <param name="Router">Routes the active flows over the other links, with the link indices of the whole topology.</param>
/// <param name="Flows">The flows that are active, with their rates; those without a path wait.</param>
public sealed record NetworkMoment(IReadOnlySet<LinkId> Missing, ITrafficRouter Router, IReadOnlyList<ActiveFlow> Flows);
