using System.Runtime.CompilerServices;

namespace AkkaLb.Domain.DataCenter.Traffic;

/// <summary>
/// One request and its connection: what it will ask of a server, and how long its packets travel. All of it is drawn when the job is made,
/// from the job's number, so two policies compared on one seed get the same jobs.
/// </summary>
public struct Job
{
    public const int MostStages = 8, MostRetries = 10;

    /// <summary>From 0 in the order of arrival; the key of the job's random draws.</summary>
    public long Number;

    /// <summary>When the client sent the request, ticks.</summary>
    public long Created;

    /// <summary>When the load balancer saw the connection open.</summary>
    public long Opened;

    /// <summary>When the server took the job.</summary>
    public long Started;

    /// <summary>What is not yet done of the stages that follow the present one, ticks of processor and of disk.</summary>
    public long LaterProcessor, LaterDisk;

    /// <summary>
    /// Travel times in ticks: client to load balancer, on to the server, back to the client, and the close to the load balancer.
    /// </summary>
    public int ToLoadBalancer, ToServer, ToClient, ToClose;

    /// <summary>The hash of the connection's addresses: uniform.</summary>
    public uint Hash;

    public int LoadBalancer, Server;

    /// <summary>The load balancer's place for the connection.</summary>
    public int Flow;

    /// <summary>Jobs that it found on the server.</summary>
    public int Found;

    public byte Class, Stage, Stages;

    public bool Rejected;

    /// <summary>Rejected by nobody's word: its server is dead, and the connection stays open until the client gives up.</summary>
    public bool TimedOut;

    /// <summary>It has failed, its load balancer has seen it, and the client still waits: it is sent again, or that is the end.</summary>
    public bool Returned;

    /// <summary>Attempts before this one, at most <see cref="MostRetries"/>.</summary>
    public byte Retries;

    /// <summary>From when the job left its server until its load balancer sees the connection close, ticks.</summary>
    public readonly long UntilClosed => ToClient + ToClose + (TimedOut ? LoadBalancers.LoadBalancer.RejectPenalty : 0);

    /// <summary>Work of each stage in ticks; even stages are processor, odd ones disk.</summary>
    public StageWork Work;

    /// <summary>Σ of all processor stages.</summary>
    public readonly long Processor => Sum(0);

    /// <summary>Σ of all disk stages.</summary>
    public readonly long Disk => Sum(1);

    private readonly long Sum(int first)
    {
        long sum = 0;
        for (int s = first; s < Stages; s += 2)
        {
            sum += Work[s];
        }
        return sum;
    }

    [InlineArray(MostStages)]
    public struct StageWork
    {
        private long _first;
    }
}
