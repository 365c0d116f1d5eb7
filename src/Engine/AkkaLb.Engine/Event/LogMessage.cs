namespace Akka.Event;

/// <summary>Puts arguments into a format.</summary>
public interface ILogMessageFormatter
{
    /// <summary>The text.</summary>
    string Format(string format, params object?[] args);

    /// <summary>The text.</summary>
    string Format(string format, IEnumerable<object?> args);
}

/// <summary>Formats as <see cref="string.Format(string, object[])"/> does.</summary>
public sealed class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only instance.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter() { }

    /// <inheritdoc />
    public string Format(string format, params object?[] args) => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);

    /// <inheritdoc />
    public string Format(string format, IEnumerable<object?> args) => Format(format, args.ToArray());
}

/// <summary>A format with its arguments, put together when somebody asks for the text.</summary>
public abstract class LogMessage(ILogMessageFormatter formatter, string format)
{
    /// <summary>What puts it together.</summary>
    protected readonly ILogMessageFormatter Formatter = formatter;

    /// <summary>The format.</summary>
    public string Format => format;

    /// <summary>The format and the arguments, not put together.</summary>
    public abstract string Unformatted();

    /// <summary>The arguments.</summary>
    public abstract IEnumerable<object?> Parameters();
}
