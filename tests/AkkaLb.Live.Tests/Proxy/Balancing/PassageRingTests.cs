using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Tests.Proxy.Balancing;

public class PassageRingTests
{
    [Fact]
    public void Read_WhatWasWritten_ComesInOrder()
    {
        PassageRing ring = new(4);
        Passage[] target = new Passage[8];
        for (int round = 0; round < 5; round++)
        {
            ring.Write(Number(1)).ShouldBeTrue();
            ring.Write(Number(2)).ShouldBeTrue();
            ring.Read(target).ShouldBe(2);
            (target[0].Number, target[1].Number).ShouldBe((1, 2));
        }
        ring.Read(target).ShouldBe(0);
    }

    [Fact]
    public void Write_Full_DropsAndCounts()
    {
        PassageRing ring = new(4);
        Enumerable.Range(0, 6).Count(n => ring.Write(Number(n))).ShouldBe(4);
        ring.Dropped.ShouldBe(2);
        Passage[] target = new Passage[8];
        ring.Read(target).ShouldBe(4);
        ring.Write(Number(9)).ShouldBeTrue();
    }

    [Fact]
    public async Task Write_ManyThreadsWhileOneReads_LosesNothing()
    {
        const int Writers = 4, Each = 50_000;
        PassageRing ring = new(1024);
        Task writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            SpinWait wait = default;
            for (int n = 0; n < Each;)
            {
                if (ring.Write(new Passage(PassageKind.Started, writer, 0, n, 0)))
                {
                    n++;
                }
                else
                {
                    wait.SpinOnce();
                }
            }
        })));
        long[] next = new long[Writers];
        Passage[] target = new Passage[256];
        SpinWait idle = default;
        while (next.Sum() < Writers * Each)
        {
            int count = ring.Read(target);
            for (int k = 0; k < count; k++)
            {
                // Of one writer the order stays.
                target[k].Number.ShouldBe(next[target[k].Server]++);
            }
            if (count == 0)
            {
                writing.IsFaulted.ShouldBeFalse();
                idle.SpinOnce();
            }
        }
        await writing;
    }

    private static Passage Number(int number) => new(PassageKind.Started, 0, 0, number, 0);
}
