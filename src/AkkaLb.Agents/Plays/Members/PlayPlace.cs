using Akka.Actor;
using AkkaLb.Agents.Experiments;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>The cluster on whose nodes the members of a run's plays live.</summary>
/// <param name="NextAttempt">Numbers the attempts at plays of the run: higher than all before, of nodes before this one too.</param>
/// <param name="Region">Of this node.</param>
/// <param name="Patience">A play in which nothing happens for so long is begun again.</param>
/// <param name="Counts">Written.</param>
public sealed record PlayPlace(string Run, Func<long> NextAttempt, IActorRef Region, TimeSpan Patience, PlacementCounts Counts);
