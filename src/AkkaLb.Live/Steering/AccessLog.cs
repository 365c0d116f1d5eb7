using System.Globalization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Live.Steering;

/// <summary>
/// Turns lines of an access log into what passed. A line tells of one request when it has ended: end, server, duration and status. So
/// starts and ends are put in their order some time later, and occupancies follow from them.
/// </summary>
/// <param name="lag">Ticks that requests are given to end. One that takes longer is counted from when it is known.</param>
internal sealed class AccessLog(IReadOnlyList<SteeredServer> servers, long lag)
{
    // Seconds. The first line is somewhat older than the look that finds it, and those after it so much younger; processes of nginx may
    // keep lines back, each its own.
    private const double MostAhead = 1, MostBehind = 60;

    // By time and, as many are of the same millisecond, by request and its start before its end.
    private readonly PriorityQueue<Entry, (long Time, long Order)> _entries = new();
    private readonly int[] _inFlight = new int[servers.Count];
    private double _offset = double.NaN, _latest;
    private long _told = long.MinValue, _number;

    /// <summary>Takes a line in; one that is none of the format is passed over.</summary>
    /// <param name="now">Ticks; the log's clock is brought to it by its first line, and by one that cannot be of now.</param>
    public void Add(string line, long now)
    {
        // $msec $upstream_addr $upstream_response_time $upstream_status; where several servers were asked, lists with commas.
        string[] words = line.Replace(", ", ",", StringComparison.Ordinal).Split(' ');
        if (words.Length != 4 || !TryNumber(words[0], out double seconds))
        {
            return;
        }
        // The time of day can be set: what was written then would be told so much later, or all at once.
        if (double.IsNaN(_offset) || seconds + _offset > Ticks.ToSeconds(now) + MostAhead || seconds < _latest - MostBehind)
        {
            (_offset, _latest) = (Ticks.ToSeconds(now) - seconds, seconds);
        }
        _latest = Math.Max(_latest, seconds);
        string[] addresses = words[1].Split(','), durations = words[2].Split(','), statuses = words[3].Split(',');
        double end = seconds + _offset;
        // The last was asked last: the others' ends follow from the durations after them.
        for (int k = addresses.Length - 1; k >= 0; k--)
        {
            int server = IndexOf(addresses[k]);
            if (!TryNumber(durations.ElementAtOrDefault(k) ?? "", out double duration))
            {
                continue;
            }
            if (server >= 0)
            {
                bool failed = !int.TryParse(statuses.ElementAtOrDefault(k), out int status) || status >= 500;
                Add(server, Ticks.FromSeconds(end - duration), Ticks.FromSeconds(end), failed, status);
            }
            end -= duration;
        }
    }

    /// <summary>What passed until some time ago, in order.</summary>
    public IReadOnlyList<Passage> Until(long now)
    {
        List<Passage> passages = [];
        while (_entries.TryPeek(out Entry entry, out (long Time, long Order) due) && due.Time <= now - lag)
        {
            _entries.Dequeue();
            // What comes too late happens now: the order is what counts.
            _told = Math.Max(_told, due.Time);
            int before = _inFlight[entry.Server];
            passages.Add(new Passage(entry.Kind, entry.Server, before, entry.Number, _told, entry.Duration, Status: entry.Status));
            if (entry.Kind == PassageKind.Failed)
            {
                passages.Add(new Passage(PassageKind.Freed, entry.Server, before, entry.Number, _told));
            }
            _inFlight[entry.Server] += entry.Kind == PassageKind.Started ? 1 : -1;
        }
        return passages;
    }

    private void Add(int server, long start, long end, bool failed, int status)
    {
        long number = ++_number;
        _entries.Enqueue(new Entry(PassageKind.Started, server, number, 0, 0), (start, 2 * number));
        PassageKind ended = failed ? PassageKind.Failed : PassageKind.Answered;
        _entries.Enqueue(new Entry(ended, server, number, end - start, status), (end, 2 * number + 1));
    }

    private int IndexOf(string address)
    {
        for (int j = 0; j < servers.Count; j++)
        {
            if (servers[j].Address == address)
            {
                return j;
            }
        }
        return -1;
    }

    private static bool TryNumber(string word, out double value) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private readonly record struct Entry(PassageKind Kind, int Server, long Number, long Duration, int Status);
}
