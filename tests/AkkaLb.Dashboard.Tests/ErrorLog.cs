using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AkkaLb.Dashboard.Tests;

/// <summary>What a dashboard logs: nothing, where all goes as expected.</summary>
internal sealed class ErrorLog : ILogEventSink
{
    private readonly List<string> _lines = [];

    public ErrorLog() => Logger = new LoggerConfiguration().MinimumLevel.Error().WriteTo.Sink(this).CreateLogger();

    public ILogger Logger { get; }

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lines)
        {
            _lines.Add($"{logEvent.RenderMessage(null)} {logEvent.Exception}");
        }
    }
}
