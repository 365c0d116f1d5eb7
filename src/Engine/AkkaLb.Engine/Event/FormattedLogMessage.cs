using Akka.Event;

namespace AkkaLb.Engine;

/// <summary>A format with its arguments.</summary>
internal sealed class FormattedLogMessage(ILogMessageFormatter formatter, string format, object?[] arguments) : LogMessage(formatter, format)
{
    public override IEnumerable<object?> Parameters() => arguments;

    public override string Unformatted() => string.Join(',', arguments);

    public override string ToString() => Formatter.Format(Format, arguments);
}
