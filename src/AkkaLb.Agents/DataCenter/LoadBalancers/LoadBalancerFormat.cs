using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>The formats of <see cref="LoadBalancerJournal"/>.</summary>
internal static class LoadBalancerFormat
{
    public static void AddEvents(BinaryFormats formats) => formats.Add<LoadBalancerJournal.WeightsSet>(
        "weights-set", 1,
        (w, e) => { w.Write7BitEncodedInt64(e.Step); w.WriteFloats(e.Weights.AsSpan()); },
        r => new LoadBalancerJournal.WeightsSet(r.Read7BitEncodedInt64(), r.ReadFloatList()));
}
