using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Tests.Kernels;

public class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyCalls_DoesEveryPartOfEveryCallOnce(int threads)
    {
        using var team = new WorkerTeam(threads);
        var work = new Counting(7);
        for (int call = 0; call < 20_000; call++)
        {
            team.Run(work, call % 8);
        }

        for (int part = 0; part < 7; part++)
        {
            work.Counts[part].ShouldBe(20_000 / 8 * (7 - part));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_PartThrows_IsThrownAsItIsAndTheTeamGoesOn(int threads)
    {
        using var team = new WorkerTeam(threads);
        Should.Throw<InvalidOperationException>(() => team.Run(new Failing(), 4)).StackTrace!.ShouldContain(nameof(Failing));
        var work = new Counting(4);
        team.Run(work, 4);
        work.Counts.ShouldBe([1, 1, 1, 1]);
    }

    [Fact]
    public void Dispose_EndsTheThreadsAndRefusesWork()
    {
        var team = new WorkerTeam(3);
        team.Run(new Counting(4), 4);
        team.Dispose();
        Should.Throw<ObjectDisposedException>(() => team.Run(new Counting(4), 4));
    }

    private sealed class Counting(int parts) : IParallelWork
    {
        public int[] Counts { get; } = new int[parts];

        public void Execute(int part) => Interlocked.Increment(ref Counts[part]);
    }

    private sealed class Failing : IParallelWork
    {
        public void Execute(int part)
        {
            if (part == 2)
            {
                throw new InvalidOperationException();
            }
        }
    }
}
