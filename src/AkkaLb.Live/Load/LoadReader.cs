using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Load;

/// <summary>Reads the section <c>load</c>.</summary>
internal static class LoadReader
{
    public const string Section = "akkalb.load";

    private const string TraceKey = $"{Section}.trace.file";

    // Requests of a run, each of which has a record.
    private const double MostRequests = 2e7;

    // Files' mean service time over that of pages: a tenth, so that timers of a millisecond can tell one from another.
    private const double FileWork = 0.1;

    /// <param name="reader">Collects problems; the caller throws them.</param>
    /// <param name="baseFolder">The trace is read relative to it.</param>
    public static LoadOptions Read(SectionReader reader, string baseFolder)
    {
        TimeSpan duration = Duration(reader, $"{Section}.duration", TimeSpan.FromMilliseconds(1));
        TimeSpan warmUp = reader.Duration($"{Section}.warm-up");
        if (warmUp >= duration)
        {
            reader.Problem($"{Section}.warm-up", $"a duration shorter than '{Section}.duration'");
        }
        return new LoadOptions
        {
            Traffic = ReadTraffic(reader, duration, baseFolder),
            WarmUp = warmUp,
            Timeout = Duration(reader, $"{Section}.timeout", TimeSpan.FromMilliseconds(1)),
            LateLimit = Duration(reader, $"{Section}.late-limit", TimeSpan.FromMilliseconds(1)),
            ProcessorLimit = reader.Number($"{Section}.processor-limit", 0, 1, open: true),
            Seed = reader.Seed("akkalb.seed"),
        };
    }

    /// <summary>Where requests go.</summary>
    /// <param name="more">Targets that were given beside those of the file.</param>
    public static IReadOnlyList<Uri> ReadTargets(SectionReader reader, IReadOnlyList<string> more)
    {
        string[] texts = more.Count > 0 ? [.. more] : [.. reader.Texts($"{Section}.targets")];
        List<Uri> targets = [];
        foreach (string text in texts)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? target) && target.Scheme is "http" or "https")
            {
                targets.Add(target);
            }
            else if (more.Count > 0)
            {
                throw new Domain.InvalidInputException($"--target {text}: expected an address such as http://127.0.0.1:8080/");
            }
            else
            {
                reader.Problem($"{Section}.targets", $"\"{text}\"", "addresses such as http://127.0.0.1:8080/");
            }
        }
        if (texts.Length == 0)
        {
            reader.Problem($"{Section}.targets", "nothing", "at least one address such as http://127.0.0.1:8080/ (--target)");
        }
        return targets;
    }

    private static TrafficOptions ReadTraffic(SectionReader reader, TimeSpan duration, string baseFolder)
    {
        double work = Duration(reader, $"{Section}.work", TimeSpan.FromMilliseconds(1)).TotalSeconds;
        ServiceLaw law = reader.Choice(
            $"{Section}.law",
            ("exponential", ServiceLaw.Exponential), ("constant", ServiceLaw.Constant), ("uniform", ServiceLaw.Uniform),
            ("normal", ServiceLaw.Normal), ("lognormal", ServiceLaw.Lognormal));
        double variation = reader.Number($"{Section}.variation", 0, 100), pages = reader.Number($"{Section}.diurnal.pages", 0.001, 0.999);
        double amplitude = reader.Number($"{Section}.diurnal.amplitude", 0, 0.99);
        double iteration = reader.Number($"{Section}.trace.iteration", 0, 1e9, open: true);
        TimeSpan period = Duration(reader, $"{Section}.diurnal.period", TimeSpan.FromMilliseconds(1));
        double rate = reader.Number($"{Section}.rate", 0, 1e6, open: true);
        if (rate * duration.TotalSeconds > MostRequests)
        {
            reader.Problem($"{Section}.duration", $"at most {MostRequests:0} requests at this rate");
        }
        TrafficOptions traffic = new()
        {
            Classes = [new JobClass("request", 1, 1, new ServiceTime(law, work, variation), default)],
            Rate = rate,
            Duration = Ticks.FromSeconds(duration.TotalSeconds),
        };
        return reader.Choice<Func<TrafficOptions>>(
            $"{Section}.arrivals",
            ("poisson", () => traffic),
            ("diurnal", () => traffic with
            {
                Classes =
                [
                    new JobClass("page", pages, 1, new ServiceTime(ServiceLaw.Lognormal, work), default),
                    new JobClass("file", 1 - pages, 1, new ServiceTime(ServiceLaw.Exponential, work * FileWork), default),
                ],
                ModulationAmplitude = amplitude,
                ModulationPeriod = period.TotalSeconds,
            }),
            ("trace", () => traffic with { Trace = ReadTrace(reader, iteration, baseFolder) }))();
    }

    private static IReadOnlyList<TraceRow> ReadTrace(SectionReader reader, double iteration, string baseFolder)
    {
        if (reader.Text(TraceKey) is not { Length: > 0 } file)
        {
            reader.Problem(TraceKey, "a trace file, since load.arrivals is trace");
            return [];
        }
        string path = Path.Combine(baseFolder, file);
        return TraceFile.Parse(ConfigurationLoader.ReadText(path), path, iteration * 1e-9);
    }

    private static TimeSpan Duration(SectionReader reader, string key, TimeSpan low)
    {
        TimeSpan value = reader.Duration(key);
        if (value < low || value > TimeSpan.FromDays(1))
        {
            reader.Problem(key, $"a duration from {low.TotalMilliseconds:0}ms to 1d");
        }
        return value;
    }
}
