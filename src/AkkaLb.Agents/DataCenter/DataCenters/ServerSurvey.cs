using System.Collections.Immutable;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.DataCenters;

/// <summary>
/// What a data centre knows of all servers at one time: what they have reported, and the work that is on its way to them.
/// </summary>
internal sealed class ServerSurvey(DataCenterModel model)
{
    private readonly WorkOnWay[] _onWay = new WorkOnWay[model.Servers.Count];
    private readonly ServerEvents.LoadReported[] _loads = new ServerEvents.LoadReported[model.Servers.Count];
    private int _awaited;

    /// <summary>All servers are asked.</summary>
    public void Begin() => _awaited = _loads.Length;

    /// <returns>Whether all have answered.</returns>
    public bool Take(ServerEvents.LoadReported reported)
    {
        _loads[reported.Server.Index] = reported;
        return --_awaited == 0;
    }

    /// <param name="sign">1: a job leaves for its server; −1: it has arrived.</param>
    public void AddOnWay(ServerCommands.TakeJob take, int sign)
    {
        ref WorkOnWay onWay = ref _onWay[take.Server.Index];
        onWay = new WorkOnWay(onWay.Jobs + sign, onWay.Processor + sign * take.Job.Processor, onWay.Disk + sign * take.Job.Disk);
    }

    /// <summary>For the policies that are defined by it.</summary>
    public ImmutableArray<ServerTruth> Truth() =>
    [
        .. _loads.Select((load, j) => new ServerTruth(
            load.Present, load.RemainingTime, model.Servers[j].Workers, load.Speed, load.IsUp, _onWay[j])),
    ];

    public LoadSample Sample(long now) => new(
        now,
        [.. _loads.Select(load => load.Present)],
        [.. _loads.Select(load => (float)load.RemainingTime)],
        [.. _loads.Select(load => load.Busy)],
        [.. _loads.Select(load => (float)load.ProcessorUse)]);
}
