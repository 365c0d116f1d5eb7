using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Weighted rendezvous hashing (Schindelhauer and Schomaker, SPAA 2005): a flow takes the candidate with the smallest e/w, where e is an
/// exponential variate that belongs to the pair (flow, link). The smallest of independent exponentials with rates w is the i-th with
/// probability wᵢ / Σ w, so flows are shared in proportion to the weights.
/// </summary>
public static class RendezvousHash
{
    /// <summary>Variates that are held at most, 2 GB of them.</summary>
    private const long MostVariates = 250_000_000;

    /// <summary>Whether the variates of so many flows find room in memory; if not, traffic is better split exactly.</summary>
    public static bool HasRoomFor(int flows, Topology topology) => (long)flows * topology.LinkCount <= MostVariates;

    /// <summary>
    /// The variates of all (flow, link) pairs, flow-major. A link is named by its ends and key, not by its index, so that flows stay
    /// where they are when other links disappear.
    /// </summary>
    /// <exception cref="InvalidInputException">There are more of them than <see cref="HasRoomFor"/> allows.</exception>
    internal static double[] Variates(Topology topology, IReadOnlyList<ActiveFlow> flows, string seed)
    {
        if (!HasRoomFor(flows.Count, topology))
        {
            throw new InvalidInputException(
                $"{topology.Name}: found {flows.Count} flows on {topology.LinkCount} links, expected at most "
                    + $"{MostVariates / topology.LinkCount} "
                + "for a proportional hash: split them as fluids");
        }

        ulong[] links = [.. topology.Links.Select(link =>
            Fnv1A.Hash($"{topology.Labels[link.From.Index]}\0{topology.Labels[link.To.Index]}\0{link.Key}"))];
        var variates = new double[flows.Count * links.Length];
        for (int flow = 0; flow < flows.Count; flow++)
        {
            ulong hash = Fnv1A.Hash(flows[flow].Id.Value + seed);
            for (int link = 0; link < links.Length; link++)
            {
                variates[flow * links.Length + link] = Variate(hash, links[link]);
            }
        }

        return variates;
    }

    /// <summary>The variate of a flow and a candidate, by their hashes.</summary>
    internal static double Variate(ulong flow, ulong candidate)
    {
        (uint low, uint high, _, _) = Philox4x32.Block(
            (uint)flow, (uint)(flow >> 32), (uint)candidate, (uint)(candidate >> 32), 0, 0);
        double uniform = ((low | (ulong)high << 32) >> 11) * (1.0 / (1UL << 53));
        return -Math.Log(1 - uniform);
    }
}
