using Akka.Actor;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>Where the agents of a run live, as all nodes concerned have taken it.</summary>
/// <param name="Epoch">Counts the placements of a session, from 1.</param>
/// <param name="Relays">Of the nodes that have agents.</param>
/// <param name="HostOf">Position among <paramref name="Relays"/>, link by link.</param>
public sealed record AgentPlacement(int Epoch, IActorRef[] Relays, int[] HostOf);
