using System.Net;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.TestServers;

/// <summary>Reads the section <c>servers</c>.</summary>
internal static class TestServersReader
{
    public const string Section = "akkalb.servers";

    private const int MostServers = 256;

    /// <param name="reader">Collects problems; the caller throws them.</param>
    public static TestServersOptions Read(SectionReader reader, Config config)
    {
        IReadOnlyList<int> slots = reader.Integers($"{Section}.slots", 1, 1024);
        if (slots.Count > MostServers)
        {
            reader.ListProblem($"{Section}.slots", $"at most {MostServers} servers");
        }
        IReadOnlyList<double> speeds = reader.Numbers($"{Section}.speeds", 0, 64);
        if (speeds.Count > 0 && speeds.Count != slots.Count)
        {
            reader.ListProblem($"{Section}.speeds", $"{slots.Count} numbers above 0 to 64, one for each server, or none");
        }
        string address = reader.Text($"{Section}.address");
        if (!IPAddress.TryParse(address, out IPAddress? parsed))
        {
            reader.Problem($"{Section}.address", "an IP address such as 127.0.0.1");
        }
        int port = reader.Integer($"{Section}.port", 0, 65535);
        if (port > 0 && port + slots.Count - 1 > 65535)
        {
            reader.Problem($"{Section}.port", $"a port from which {slots.Count} servers stay within 65535");
        }
        TimeSpan work = reader.Duration($"{Section}.default-work");
        if (work > TimeSpan.FromHours(1))
        {
            reader.Problem($"{Section}.default-work", "a duration of at most 1h");
        }
        return new TestServersOptions
        {
            Slots = slots,
            Speeds = speeds.Count == 0 ? [.. slots.Select(_ => 1.0)] : speeds,
            Backlog = reader.Integer($"{Section}.backlog", 0, 1_000_000),
            Service = reader.Choice($"{Section}.service", ("timed", ServiceKind.Timed), ("processor", ServiceKind.Processor)),
            DefaultWork = work,
            Body = reader.Integer($"{Section}.body", 0, 100_000_000),
            Address = parsed ?? IPAddress.Loopback,
            Port = port,
            ControlPort = reader.Integer($"{Section}.control-port", 0, 65535),
            Changes = ReadChanges(reader, $"{Section}.changes", slots.Count),
            Seed = reader.Seed("akkalb.seed"),
        };
    }

    public static IReadOnlyList<ServerChange> ReadChanges(SectionReader reader, string key, int servers)
    {
        List<ServerChange> changes = [];
        foreach (string text in reader.Texts(key))
        {
            if (ServerChange.Parse(text, servers) is { } change)
            {
                changes.Add(change);
            }
            else
            {
                reader.Problem(key, $"\"{text}\"", ServerChange.Expected(servers));
            }
        }
        return [.. changes.OrderBy(c => c.Time)];
    }
}
