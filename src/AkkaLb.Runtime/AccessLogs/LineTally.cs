using System.Globalization;

namespace AkkaLb.Runtime.AccessLogs;

/// <summary>Counts lines for one reason, and keeps where the first few stand.</summary>
internal sealed class LineTally
{
    private const int MostNamed = 5;

    private readonly List<int> _first = [];

    public int Count { get; private set; }

    public void Add(int line)
    {
        Count++;
        if (_first.Count < MostNamed)
        {
            _first.Add(line);
        }
    }

    /// <summary>For example "3 lines cannot be read: 4, 9, 12".</summary>
    /// <param name="one">What is said of one line.</param>
    /// <param name="many">What is said of several.</param>
    public string Say(string one, string many) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count:N0} {(Count == 1 ? one : many)}: line{(Count == 1 ? "" : "s")} "
        + $"{string.Join(", ", _first)}{(Count > MostNamed ? ", …" : "")}");
}
