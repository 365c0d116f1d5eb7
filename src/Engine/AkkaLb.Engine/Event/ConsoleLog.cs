using Akka.Event;

namespace AkkaLb.Engine;

/// <summary>Writes log events to standard output.</summary>
internal static class ConsoleLog
{
    private static readonly Lock Lock = new();

    internal static void Write(object message)
    {
        lock (Lock)
        {
            ConsoleColor? colour = Console.IsOutputRedirected || message is not LogEvent log ? null : log.LogLevel() switch
            {
                LogLevel.ErrorLevel => ConsoleColor.Red,
                LogLevel.WarningLevel => ConsoleColor.Yellow,
                LogLevel.DebugLevel => ConsoleColor.Gray,
                _ => null,
            };
            if (colour is { } c) { Console.ForegroundColor = c; }
            Console.WriteLine(message);
            if (colour is not null) { Console.ResetColor(); }
        }
    }
}
