using Microsoft.Extensions.Logging;

namespace AkkaLb.Dashboard.Hosting;

/// <summary>What the dashboard logs: what nobody had expected.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(1, LogLevel.Error, "{Path} cannot be answered")]
    public static partial void Unanswered(ILogger log, Exception cause, string path);

    [LoggerMessage(2, LogLevel.Error, "{Subject} cannot be shown")]
    public static partial void NotShown(ILogger log, Exception cause, string subject);
}
