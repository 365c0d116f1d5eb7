using System.Diagnostics;
using AkkaLb.Agents.Telemetry;

namespace AkkaLb.Agents.Network.Networks;

/// <summary>
/// The span <c>horizon</c> and its parts as the network sees them: <c>observe</c> until all agents are told their loads, <c>exchange</c>
/// until the first has decided, <c>decide</c> until all have, <c>route</c>. Agents do not wait for each other, so that one may still
/// exchange while another decides.
/// </summary>
internal struct HorizonTrace
{
    private Activity? _horizon, _part;

    public void Begin(long episode, int horizon, int lanes, int agents)
    {
        Abandon();
        _horizon = Start("horizon", default);
        if (_horizon is null)
        {
            return;
        }
        _horizon.SetTag("episode", episode).SetTag("horizon", horizon).SetTag("lanes", lanes).SetTag("agents", agents);
        Next("observe");
    }

    /// <summary>The last part ends, and another begins.</summary>
    public void Next(string part)
    {
        if (_horizon is null)
        {
            return;
        }
        _part?.Dispose();
        _part = Start(part, _horizon.Context);
    }

    /// <summary>An agent has decided.</summary>
    public void Decided()
    {
        if (_part is { OperationName: "exchange" })
        {
            Next("decide");
        }
    }

    public void End()
    {
        _part?.Dispose();
        _horizon?.Dispose();
        (_horizon, _part) = (null, null);
    }

    /// <summary>The horizon was cut short, and is played again.</summary>
    public void Abandon()
    {
        _horizon?.SetStatus(ActivityStatusCode.Error, "played again");
        End();
    }

    /// <summary>Other actors share the thread: none of them is to find a span there that is not its own.</summary>
    private static Activity? Start(string name, ActivityContext parent)
    {
        if (!Traces.Source.HasListeners())
        {
            return null;
        }
        Activity.Current = null;
        Activity? started = Traces.Source.StartActivity(name, ActivityKind.Internal, parent);
        Activity.Current = null;
        return started;
    }
}
