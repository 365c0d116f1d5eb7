using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.Randomness;
using FsCheck.Xunit;

namespace AkkaLb.Domain.Tests.DataCenter.Estimation;

public class CapacityFitTests
{
    [Theory]
    [InlineData(2, 0.1)]
    [InlineData(4, 0.05)]
    [InlineData(8, 1)]
    public void Fit_ServerThatIsFullAtTimes_FindsItsSlotsAndItsRate(int slots, double service)
    {
        Capacity found = CapacityFit.Fit(Record(slots, service, upTo: 2 * slots, departures: 4000));
        found.Slots.ShouldBe(slots, 0.15 * slots);
        found.Rate.ShouldBe(slots / service, 0.06 * slots / service);
        found.ServiceSeconds.ShouldBe(service, 0.15 * service);
    }

    [Fact]
    public void Fit_ServerThatIsNeverFull_GoesOnALittleBeyondWhatWasSeen()
    {
        Capacity found = CapacityFit.Fit(Record(slots: 50, service: 0.1, upTo: 4, departures: 4000));
        found.ServiceSeconds.ShouldBe(0.1, 0.01);
        found.Slots.ShouldBeInRange(3, 4 * CapacityFit.Optimism);
    }

    [Fact]
    public void Fit_ServerThatIsAlwaysFull_KnowsItsRate() =>
        CapacityFit.Fit(Record(slots: 3, service: 0.1, from: 6, upTo: 9, departures: 4000)).Rate.ShouldBe(30, 2);

    [Fact]
    public void Fit_OneDeparture_IsFinite()
    {
        OccupancyRecord record = new();
        record.Spend(1, 0.2);
        record.Depart(1);
        Capacity found = CapacityFit.Fit(record);
        found.Rate.ShouldBeInRange(2, 20);
    }

    [Property]
    public void Fit_WhateverWasSeen_IsPositiveAndFinite(byte[] occupancies)
    {
        OccupancyRecord record = new();
        record.Spend(1, 1e-6);
        record.Depart(1);
        foreach (byte occupancy in occupancies)
        {
            record.Spend(occupancy, occupancy * 0.01);
            record.Depart(Math.Max((int)occupancy, 1));
        }
        Capacity found = CapacityFit.Fit(record);
        (found.Rate > 0 && double.IsFinite(found.Rate) && found.Slots > 0 && double.IsFinite(found.Slots)).ShouldBeTrue();
    }

    /// <summary>A server with so many slots whose occupancy is drawn anew after every departure.</summary>
    private static OccupancyRecord Record(int slots, double service, int upTo, int departures, int from = 1)
    {
        OccupancyRecord record = new();
        RandomStream random = new(7, "fit");
        for (int n = 0; n < departures; n++)
        {
            int occupancy = from + random.NextInt32(upTo - from + 1);
            record.Spend(occupancy, -Math.Log(1 - random.NextDouble()) * service / Math.Min(occupancy, slots));
            record.Depart(occupancy);
        }
        return record;
    }
}
