using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Reads <c>akkalb.datacenter.failures</c>: what load balancers do about servers that fail.</summary>
internal static class FailureReader
{
    private const string Section = "akkalb.datacenter.failures", Health = Section + ".health", Ejection = Section + ".ejection";

    // A question and its answer take up to 2 ms.
    private const long LeastPatience = 10 * Ticks.PerMillisecond;

    public static FailureOptions Read(SectionReader reader) => new()
    {
        ConnectTimeout = Patience(reader, $"{Section}.connect-timeout"),
        SilenceTimeout = Patience(reader, $"{Section}.silence-timeout"),
        Health = ReadHealth(reader),
        Retries = new RetryOptions(
            reader.Integer($"{Section}.retries.most", 0, Job.MostRetries), reader.Number($"{Section}.retries.budget", 0, 10)),
        Idempotent = reader.Number($"{Section}.retries.idempotent", 0, 1),
        Ejection = ReadEjection(reader),
        SlowStart = DataCenterExperimentReader.ReadTicks(reader, $"{Section}.slow-start", 0),
        StickyClients = reader.Integer($"{Section}.sticky-clients", 0, 10_000_000),
    };

    private static EjectionOptions ReadEjection(SectionReader reader)
    {
        EjectionOptions ejection = new()
        {
            Enabled = reader.Switch($"{Ejection}.enabled"),
            Consecutive = reader.Integer($"{Ejection}.consecutive", 1),
            Share = reader.Number($"{Ejection}.share", 0, 1, open: true),
            Requests = reader.Integer($"{Ejection}.requests", 1),
            Interval = Positive(reader, $"{Ejection}.interval"),
            Time = Positive(reader, $"{Ejection}.time"),
            Longest = Positive(reader, $"{Ejection}.longest"),
            Panic = reader.Number($"{Ejection}.panic", 0, 1),
        };
        if (ejection.Longest < ejection.Time)
        {
            reader.Problem($"{Ejection}.longest", "a duration of at least 'time'");
        }
        return ejection;
    }

    private static HealthCheckOptions? ReadHealth(SectionReader reader)
    {
        bool enabled = reader.Switch($"{Health}.enabled");
        HealthCheckOptions health = new(
            Positive(reader, $"{Health}.interval"), DataCenterExperimentReader.ReadTicks(reader, $"{Health}.timeout", LeastPatience),
            reader.Integer($"{Health}.fall", 1, 1000),
            reader.Integer($"{Health}.rise", 1, 1000));
        if (health.Timeout > health.Interval)
        {
            reader.Problem($"{Health}.timeout", "a duration of at most 'interval'");
        }
        return enabled ? health : null;
    }

    private static long Positive(SectionReader reader, string key) =>
        DataCenterExperimentReader.ReadTicks(reader, key, Ticks.PerMillisecond);

    private static long Patience(SectionReader reader, string key)
    {
        long ticks = DataCenterExperimentReader.ReadTicks(reader, key, 0);
        if (ticks is > 0 and (< LeastPatience or > LoadBalancer.RejectPenalty))
        {
            reader.Problem(key, "0s, or a duration from 10ms to 40s, after which the client gives up");
        }
        return ticks;
    }
}
