using AkkaLb.Domain.DataCenter;
using AkkaLb.Live.Load;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Testbed;

/// <summary>Makes the rows of a comparison out of its finished runs.</summary>
internal sealed class TestbedRows(TestbedOptions options, RunFolder folder, IReadOnlyList<CellResult> results)
{
    public IReadOnlyList<TestbedRow> Make(CancellationToken cancellation) =>
    [
        .. from load in options.Loads
           from proxies in options.Proxies
           from contender in options.Contenders
           let row = Row(contender, load, proxies, cancellation)
           where row is not null
           select row,
    ];

    /// <summary>Valid runs by seed.</summary>
    private IEnumerable<CellResult> Valid(Contender contender, double load, int proxies) =>
        results.Where(r => r.IsValid && r.Cell.IsAt(contender, load, proxies)).OrderBy(r => r.Cell.Seed);

    private TestbedRow? Row(Contender contender, double load, int proxies, CancellationToken cancellation)
    {
        CellResult[] runs = [.. Valid(contender, load, proxies)];
        if (runs.Length == 0)
        {
            return null;
        }
        LatencyFigures[] figures = [.. runs.Select(r => r.Report.All)];
        bool isBaseline = contender == options.Baseline;
        (LatencyFigures Own, LatencyFigures Other)[] pairs = isBaseline ? [] : [.. runs.Join(
            Valid(options.Baseline, load, proxies), r => r.Cell.Seed, b => b.Cell.Seed, (r, b) => (r.Report.All, b.Report.All))];
        LatencyFigures?[] simulated = options.Simulate ? [.. runs.Select(r => SimulatedTwin.Play(options, r.Cell, cancellation))] : [];
        return new TestbedRow(
            contender.Name, load, proxies, runs.Length, Mean(figures),
            Statistics.Deviation([.. figures.Select(f => f.Mean).OfType<double>()]),
            Statistics.Deviation([.. figures.Select(f => f.P99).OfType<double>()]),
            PairedRatio.Of(pairs.Select(p => (p.Own.Mean, p.Other.Mean))), PairedRatio.Of(pairs.Select(p => (p.Own.P99, p.Other.P99))),
            simulated is [not null, ..] ? Mean([.. simulated.OfType<LatencyFigures>()]) : null,
            Events(runs),
            runs[0].Report.Classes.Keys.ToDictionary(name => name, name => Mean([.. runs.Select(r => r.Report.Classes[name])])));
    }

    private IReadOnlyList<EventFigures> Events(CellResult[] runs) => options.Events.Count == 0 ? [] : EventFigures.Of(
        [.. runs.SelectMany(r => r.ReadRequests(folder))], options.Events, options.Load.WarmUp.TotalSeconds,
        Ticks.ToSeconds(options.Load.Traffic.Duration), options.Window.TotalSeconds);

    private static LatencyFigures Mean(IReadOnlyList<LatencyFigures> figures)
    {
        int servers = figures.Max(f => f.Shares.Count);
        return new LatencyFigures(
            figures.Sum(f => f.Requests), figures.Sum(f => f.Errors), figures.Average(f => f.Mean), figures.Average(f => f.P50),
            figures.Average(f => f.P90), figures.Average(f => f.P95), figures.Average(f => f.P99), figures.Average(f => f.P999),
            figures.Max(f => f.Max),
            [.. Enumerable.Range(0, servers).Select(s => figures.Average(f => s < f.Shares.Count ? f.Shares[s] : 0))]);
    }
}
