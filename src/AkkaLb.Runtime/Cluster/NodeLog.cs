using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace AkkaLb.Runtime.Cluster;

/// <summary>The log of a node: one file in its folder.</summary>
internal static class NodeLog
{
    public static Logger Open(string folder) => new LoggerConfiguration()
        .MinimumLevel.Debug()
        .Filter.ByExcluding(IsSaid)
        .WriteTo.File(
            new Formatter(),
            Path.Combine(folder, "node.log"),
            fileSizeLimitBytes: 64 << 20,
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: 4)
        .CreateLogger();

    // Why a handshake failed, where a line of its own says it: whose certificate is refused, or what was sent in place of TLS.
    private static readonly string[] SaidBefore = ["rejected by the provided RemoteCertificateValidationCallback", "not an SSL/TLS record"];

    /// <summary>Whether another line says the same of a refused peer, and says why.</summary>
    private static bool IsSaid(LogEvent logEvent)
    {
        string text = logEvent.MessageTemplate.Text;
        return text.StartsWith("Custom certificate validation failed", StringComparison.Ordinal)
            || text.StartsWith("Rejected incoming connection", StringComparison.Ordinal)
            || (text.StartsWith("TLS handshake failed on channel", StringComparison.Ordinal)
                && Array.Exists(
                    SaidBefore, logEvent.RenderMessage(CultureInfo.InvariantCulture).Contains));
    }

    /// <summary>
    /// One line an event, and a stack trace below it where the fault is ours. What the transport throws is the fault of who is at the other
    /// end: whoever can send bytes could fill the log with traces.
    /// </summary>
    private sealed class Formatter : ITextFormatter
    {
        private static readonly string[] Transport =
            ["TcpTransport", "TcpServerHandler", "TcpClientHandler", "/system/transports/", "/system/endpointManager"];

        public void Format(LogEvent logEvent, TextWriter output)
        {
            string source = logEvent.Properties.GetValueOrDefault("LogSource") is ScalarValue { Value: string text } ? text : "";
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{logEvent.Timestamp:O} {Short(logEvent.Level)} {source} "));
            output.Write(OneLine(logEvent.RenderMessage(CultureInfo.InvariantCulture)));
            if (logEvent.Exception is { } e && Array.Exists(Transport, part => source.Contains(part, StringComparison.Ordinal)))
            {
                output.Write($" ({e.GetBaseException().GetType().Name}: {OneLine(e.GetBaseException().Message)})");
            }
            else if (logEvent.Exception is { } own)
            {
                output.Write($"{output.NewLine}{own}");
            }
            output.WriteLine();
        }

        private static string OneLine(string text) => text.ReplaceLineEndings(" ");

        private static string Short(LogEventLevel level) => level switch
        {
            LogEventLevel.Verbose => "VRB",
            LogEventLevel.Debug => "DBG",
            LogEventLevel.Information => "INF",
            LogEventLevel.Warning => "WRN",
            LogEventLevel.Error => "ERR",
            _ => "FTL",
        };
    }
}
