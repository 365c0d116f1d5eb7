using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Agents.DataCenter.Servers;

public static class ServerEvents
{
    /// <param name="Present">Jobs on the server.</param>
    /// <param name="Busy">Busy threads.</param>
    /// <param name="ProcessorUse">Share of its processors that work.</param>
    /// <param name="RemainingTime">Seconds of work left.</param>
    /// <param name="Speed">Work per second of a lone job.</param>
    /// <param name="IsUp">Whether it works.</param>
    public sealed record LoadReported(
        ServerId Server, int Present, int Busy, double ProcessorUse, double RemainingTime, double Speed, bool IsUp) : IDataCenterMessage;
}
