using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace AkkaLb.Dashboard.Hosting;

/// <summary>Hands what is logged to whoever started the dashboard.</summary>
/// <param name="tell">Gets the message, and the cause where there is one; by any thread.</param>
internal sealed class ErrorSink(Action<string, Exception?> tell) : ILogEventSink
{
    public void Emit(LogEvent logEvent) => tell(logEvent.RenderMessage(CultureInfo.InvariantCulture), logEvent.Exception);
}
