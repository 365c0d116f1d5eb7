using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Agents.DataCenter.Servers;

public static class ServerEvents
{
    /// <param name="Present">Jobs on the server.</param>
    /// <param name="RemainingTime">Seconds of work left.</param>
    /// <param name="Speed">Work per second of a lone job.</param>
    public sealed record LoadReported(ServerId Server, int Present, double RemainingTime, double Speed);
}
