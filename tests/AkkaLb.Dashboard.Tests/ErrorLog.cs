namespace AkkaLb.Dashboard.Tests;

/// <summary>What a dashboard logs: nothing, where all goes as expected.</summary>
internal sealed class ErrorLog
{
    private readonly List<string> _lines = [];

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

    public void Add(string message, Exception? cause)
    {
        lock (_lines)
        {
            _lines.Add($"{message} {cause}");
        }
    }
}
