namespace Akka.TestKit.Internal;

/// <summary>Checks of durations.</summary>
internal static class TimeSpanExtensions
{
    public static void EnsureIsPositiveFinite(this TimeSpan duration, string parameterName)
    {
        if (duration < TimeSpan.Zero)
        {
            throw new ArgumentException("the duration must be finite and not negative", parameterName);
        }
    }
}
