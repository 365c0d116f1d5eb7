namespace AkkaLb.Learning.DataCenter.Replay;

/// <summary>What an agent saw, did and got in one episode of H steps. Features are raw.</summary>
/// <param name="Features">[H + 1, members, features].</param>
/// <param name="Actions">[H, members, heads]: indices of levels.</param>
/// <param name="Rewards">[H].</param>
internal sealed record EpisodeRecord(int Steps, float[] Features, float[] Actions, float[] Rewards);
