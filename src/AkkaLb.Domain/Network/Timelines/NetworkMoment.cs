namespace AkkaLb.Domain.Network;

/// <summary>What holds from one change of flows or links to the next; immutable.</summary>
/// <param name="Missing">Links that are down.</param>
/// <param name="Router">Routes the active flows over the other links, with the link indices of the whole topology.</param>
public sealed record NetworkMoment(IReadOnlySet<LinkId> Missing, FlowRouter Router)
{
    /// <summary>The flows that are active, with their rates; those without a path wait.</summary>
    public IReadOnlyList<ActiveFlow> Flows => Router.Flows;
}
