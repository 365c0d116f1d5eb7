namespace AkkaLb.Learning.Network.Models;

/// <summary>A layer of graph attention.</summary>
/// <param name="Features">Per head.</param>
internal readonly record struct AttentionLayer(int Heads, int Inputs, int Features)
{
    public int Outputs => Heads * Features;
}
