using System.Collections.Concurrent;
using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>
/// The specification's section 6.4 word for word, without any table: every flow, every hop, every key. Independent of the router under
/// test but for the path calculator and the key generator, which have golden vectors of their own.
/// </summary>
internal sealed class NaiveRouter(Topology topology, IPathCalculator paths)
{
    private static readonly ConcurrentDictionary<int, uint> Crcs = new();

    public (double[] Loads, int Unroutable) Route(IReadOnlyList<ActiveFlow> flows, double[] weights)
    {
        var loads = new double[topology.LinkCount];
        int unroutable = 0;
        foreach (ActiveFlow flow in flows)
        {
            if (PathOf(flow, weights) is { } path)
            {
                path.ForEach(link => loads[link.Index] += flow.Rate);
            }
            else
            {
                unroutable++;
            }
        }

        return (loads, unroutable);
    }

    public List<LinkId>? PathOf(ActiveFlow flow, double[] weights)
    {
        var path = new List<LinkId>();
        NodeId at = flow.Start;
        NodeId? previous = null;
        while (at != flow.End)
        {
            if (Choose(flow, paths.NextHops(at, previous, flow.Start, flow.End), weights) is not { } link)
            {
                return null;
            }

            path.Add(link);
            previous = at;
            at = topology.Links[link.Index].To;
        }

        return path;
    }

    private static LinkId? Choose(ActiveFlow flow, IReadOnlyList<LinkId> candidates, double[] weights)
    {
        if (candidates.Count == 0)
        {
            return null;
        }

        double heaviest = candidates.Max(link => weights[link.Index]);
        var remaining = candidates.ToList();
        var keys = new int[candidates.Count];
        DxHash.Keys(flow.Id, "", keys);
        for (int draw = 0; heaviest > 0 && remaining.Count > 0; draw++)
        {
            int position = keys[draw] % remaining.Count;
            double hash = Crcs.GetOrAdd(keys[draw], key => Crc32(new byte[key])) / Math.Pow(2, 32);
            if (hash < weights[remaining[position].Index] / heaviest && weights[remaining[position].Index] != 0)
            {
                return remaining[position];
            }

            remaining.RemoveAt(position);
        }

        return null;
    }

    private static uint Crc32(byte[] bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
