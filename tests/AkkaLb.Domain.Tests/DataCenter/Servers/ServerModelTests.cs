using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.Tests.DataCenter.Servers;

public class ServerModelTests
{
    private readonly JobTable _jobs = new();

    [Fact]
    public void Processor_OneJobPerWorker_ServesInOrderOfArrival()
    {
        ServerModel server = new(new ServerOptions(2), _jobs);
        int a = Arrive(server, 0, 100), b = Arrive(server, 0, 300), c = Arrive(server, 10, 50);
        Leavers(server).ShouldBe([(100, a), (150, c), (300, b)]);
    }

    /// <summary>A job that waits for a processor has a thread, too, as long as there are any: 32, as the published servers have.</summary>
    [Theory]
    [InlineData(1, 5, 5)]
    [InlineData(1, 40, 32)]
    [InlineData(50, 40, 40)]
    public void Busy_IsTheNumberOfThreads(int jobsPerWorker, int jobs, int expected)
    {
        ServerModel server = new(new ServerOptions(1) { JobsPerWorker = jobsPerWorker, Capacity = 100 }, _jobs);
        for (int k = 0; k < jobs; k++)
        {
            Arrive(server, 0, 100);
        }
        server.Probe().Busy.ShouldBe(expected);
    }

    [Fact]
    public void Processor_MoreJobsThanWorkers_ShareEqually()
    {
        // Three jobs on one processor: each has a third of it until the shortest leaves, then a half.
        ServerModel server = new(new ServerOptions(1) { JobsPerWorker = 8 }, _jobs);
        int a = Arrive(server, 0, 100), b = Arrive(server, 0, 200), c = Arrive(server, 0, 300);
        Leavers(server).ShouldBe([(300, a), (500, b), (600, c)]);
    }

    [Fact]
    public void Disk_AfterTheProcessor_IsShared()
    {
        ServerModel server = new(new ServerOptions(2), _jobs);
        int a = Arrive(server, 0, 100, 100), b = Arrive(server, 0, 100, 200);
        server.RemainingTime(50).ShouldBe((50e-9 * 2 / 2) + 300e-9, 1e-12);
        Leavers(server).ShouldBe([(300, a), (400, b)]);
    }

    [Fact]
    public void Sharing_ManyUnevenJobs_LosesNoTime()
    {
        // Work conservation to the tick: a busy processor ends when the work is done, however it was divided.
        ServerModel server = new(new ServerOptions(1) { JobsPerWorker = 100, Capacity = 100 }, _jobs);
        long work = 0;
        for (int k = 0; k < 97; k++)
        {
            long one = 1_000_003 + 7919L * k * k;
            work += one;
            Arrive(server, 0, one);
        }
        Leavers(server)[^1].Time.ShouldBeInRange(work, work + 97);
    }

    [Fact]
    public void SetSpeed_HalfWay_DoublesWhatIsLeft()
    {
        ServerModel server = new(new ServerOptions(1), _jobs);
        int job = Arrive(server, 0, 1000);
        server.SetSpeed(400, 0.5);
        server.RemainingTime(400).ShouldBe(1200e-9, 1e-12);
        Leavers(server).ShouldBe([(1600, job)]);
    }

    [Fact]
    public void Arrive_FullOrDown_IsRejected()
    {
        ServerModel server = new(new ServerOptions(1) { Capacity = 2 }, _jobs);
        Arrive(server, 0, 100);
        Arrive(server, 0, 100);
        server.Arrive(1, _jobs.Add()).ShouldBeFalse();
        List<int> lost = [];
        server.Fail(2, lost);
        lost.Count.ShouldBe(2);
        server.NextCompletion.ShouldBe(Ticks.Never);
        server.Arrive(3, _jobs.Add()).ShouldBeFalse();
        server.Return();
        Arrive(server, 10, 100);
        Leavers(server).Single().Time.ShouldBe(110);
    }

    private int Arrive(ServerModel server, long now, params long[] work)
    {
        int job = _jobs.Add();
        ref Job made = ref _jobs[job];
        made.Stages = (byte)work.Length;
        for (int s = 0; s < work.Length; s++)
        {
            made.Work[s] = work[s];
        }
        server.Arrive(now, job).ShouldBeTrue();
        return job;
    }

    private static List<(long Time, int Job)> Leavers(ServerModel server)
    {
        List<(long, int)> leavers = [];
        while (server.NextCompletion is var now and < Ticks.Never)
        {
            while (server.TryComplete(now, out int left))
            {
                if (left >= 0)
                {
                    leavers.Add((now, left));
                }
            }
        }
        return leavers;
    }
}
