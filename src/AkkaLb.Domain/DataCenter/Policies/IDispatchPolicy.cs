using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>Chooses servers for the connections of one load balancer. Every load balancer has an instance of its own.</summary>
public interface IDispatchPolicy
{
    /// <summary>The server for a new connection, among those available, of which there is at least one.</summary>
    int Choose(in Job job, long now);

    /// <summary>Which servers may be chosen; called before the first choice and at every change.</summary>
    void SetAvailable(ReadOnlySpan<bool> available);

    /// <summary>A connection to a server was opened by this load balancer.</summary>
    void Opened(int server, long now)
    {
    }

    /// <summary>A connection to a server ended, and the server had answered.</summary>
    /// <param name="duration">Ticks since it was opened; −1 of one that lasted as long as its client wanted.</param>
    void Closed(int server, long duration, long now)
    {
    }

    /// <summary>
    /// A connection ended with nothing done: refused by the server, or given up. Where that makes no difference it is closed.
    /// </summary>
    /// <param name="duration">Ticks since it was opened; of one that was refused with the client's time-out added.</param>
    void Failed(int server, long duration, long now) => Closed(server, duration, now);
}

/// <summary>A policy that asks servers for their load.</summary>
public interface IProbingPolicy : IDispatchPolicy
{
    /// <summary>Ticks between two calls of <see cref="Tick"/>; 0 for none.</summary>
    long Period { get; }

    /// <summary>Time to send probes.</summary>
    void Tick(long now);

    void Replied(int server, in ProbeReply reply, long now);

    /// <summary>A probe to a server has had no reply in <see cref="ProbeOptions.Patience"/>.</summary>
    /// <param name="sent">When it was sent; a later one may have been answered.</param>
    void Unanswered(int server, long sent)
    {
    }
}

/// <summary>A policy whose weights can be set from outside, by what has learnt them.</summary>
public interface IWeightedPolicy : IDispatchPolicy
{
    /// <param name="weights">Positive, one for each server.</param>
    void SetWeights(ReadOnlySpan<float> weights);
}

/// <summary>A server's answer to a probe.</summary>
/// <param name="Busy">Busy threads.</param>
/// <param name="Present">Jobs on the server.</param>
/// <param name="Latency">What a job that arrives may expect there, seconds; 0 if unknown.</param>
/// <param name="ProcessorUse">Share of its processors that work, 0 to 1.</param>
public readonly record struct ProbeReply(int Busy, int Present, double Latency, double ProcessorUse);

/// <summary>Sends probes for one load balancer; the replies come to <see cref="IProbingPolicy.Replied"/>.</summary>
public interface IProbes
{
    void Send(int server);
}

/// <summary>The true state of all servers, which only the policies with global knowledge look at.</summary>
public interface IServerTruth
{
    /// <summary>False for a server that failed, whether or not load balancers have noticed.</summary>
    bool IsUp(int server);

    /// <summary>Jobs on the server or on their way to it, of all load balancers; for a server that is down, those on their way.</summary>
    int Jobs(int server);

    /// <summary>Seconds of work, present and on its way: processor work/(p·speed) + disk work/speed, with extra work added in.</summary>
    /// <param name="processor">Extra processor work, ticks.</param>
    /// <param name="disk">Extra disk work, ticks.</param>
    double RemainingTime(int server, long now, long processor, long disk);
}
