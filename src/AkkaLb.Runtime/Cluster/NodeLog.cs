using System.Globalization;
using Serilog;
using Serilog.Core;

namespace AkkaLb.Runtime.Cluster;

/// <summary>The log of a node: one file in its folder.</summary>
internal static class NodeLog
{
    public static Logger Open(string folder) => new LoggerConfiguration()
        .MinimumLevel.Debug()
        .WriteTo.File(
            Path.Combine(folder, "node.log"),
            outputTemplate: "{Timestamp:O} {Level:u3} {LogSource} {Message:lj}{NewLine}{Exception}",
            formatProvider: CultureInfo.InvariantCulture,
            fileSizeLimitBytes: 64 << 20,
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: 4)
        .CreateLogger();
}
