using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Training episodes of other data centres: each draws one, uniformly from these ranges, by the seed and its number.</summary>
/// <param name="Servers">Their number.</param>
/// <param name="Workers">Of each server.</param>
/// <param name="LoadBalancers">Their number.</param>
/// <param name="Load">Of the processors or of the disks, whichever are busier.</param>
/// <param name="Processor">The processor's share of the work.</param>
internal sealed record DataCenterVariation(
    (int Min, int Max) Servers, (int Min, int Max) Workers, (int Min, int Max) LoadBalancers, (double Min, double Max) Load,
    (double Min, double Max) Processor)
{
    private const string Section = "akkalb.datacenter.learning.variation";

    // Of a job, so that there is disk work.
    private const int Stages = 2;

    /// <returns>Null where it is off.</returns>
    public static DataCenterVariation? Read(SectionReader reader)
    {
        DataCenterVariation variation = new(
            Integers("servers", 2, 1000), Integers("workers", 1, 64), Integers("load-balancers", 1, 64), Numbers("load", 0, 4, open: true),
            Numbers("processor", 0, 1));
        if (!reader.Switch($"{Section}.enabled"))
        {
            return null;
        }
        if (reader.Number("akkalb.datacenter.traffic.rate", 0) > 0)
        {
            reader.Problem("akkalb.datacenter.traffic.rate", $"0 where '{Section}.enabled' is on: rates follow from the loads drawn");
        }
        return variation;

        (int, int) Integers(string key, int low, int high)
        {
            int most = reader.Integer($"{Section}.{key}.max", low, high), least = reader.Integer($"{Section}.{key}.min", low, high);
            Order(key, least, most);
            return (least, most);
        }

        (double, double) Numbers(string key, double low, double high, bool open = false)
        {
            double most = reader.Number($"{Section}.{key}.max", low, high, open);
            double least = reader.Number($"{Section}.{key}.min", low, high, open);
            Order(key, least, most);
            return (least, most);
        }

        void Order(string key, double least, double most)
        {
            if (least > most)
            {
                reader.Problem($"{Section}.{key}.min", $"at most {key}.max");
            }
        }
    }

    /// <summary>The data centre of an episode.</summary>
    /// <param name="model">What is not drawn.</param>
    /// <param name="random">At the episode's draws.</param>
    public DataCenterModel Draw(DataCenterModel model, RandomStream random)
    {
        int servers = Uniform(random, Servers), balancers = Uniform(random, LoadBalancers);
        double processor = Uniform(random, Processor), load = Uniform(random, Load);
        int[] workers = [.. Enumerable.Range(0, servers).Select(_ => Uniform(random, Workers))];
        return model with
        {
            Servers = [.. workers.Select(w => model.Servers[0] with { Workers = w })],
            Weights = [.. workers.Select(w => (double)w)],
            LoadBalancers = balancers,
            Traffic = Traffic(model.Traffic, processor, load, workers.Sum(), servers),
        };
    }

    /// <summary>The most traffic that an episode can have: all servers, whose processors and disks are equally busy.</summary>
    public TrafficOptions Most(TrafficOptions traffic)
    {
        int workers = Workers.Max * Servers.Max;
        double processor = Math.Clamp((double)workers / (workers + Servers.Max), Processor.Min, Processor.Max);
        return Traffic(traffic, processor, Load.Max, workers, Servers.Max);
    }

    private static TrafficOptions Traffic(TrafficOptions traffic, double processor, double load, int workers, int servers)
    {
        JobClass job = traffic.Classes[0];
        double work = job.MeanWork;
        return traffic with
        {
            Classes =
            [
                job with
                {
                    Stages = Math.Max(job.Stages, Stages), Processor = job.Processor with { Mean = processor * work },
                    Disk = job.Disk with { Mean = (1 - processor) * work },
                },
            ],
            Rate = load / (work * Math.Max(processor / workers, (1 - processor) / servers)),
        };
    }

    private static int Uniform(RandomStream random, (int Min, int Max) range) => range.Min + random.NextInt32(range.Max - range.Min + 1);

    private static double Uniform(RandomStream random, (double Min, double Max) range) =>
        range.Min + (range.Max - range.Min) * random.NextDouble();
}
