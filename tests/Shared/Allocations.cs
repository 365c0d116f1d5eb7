namespace AkkaLb.Tests.Shared;

/// <summary>What work allocates on the thread that does it.</summary>
internal static class Allocations
{
    /// <summary>
    /// Bytes of one call: the least of several, as what a call allocates is in each of them. The runtime adds bytes of its own at times:
    /// when it compiles a method anew, or when a collection, which other tests may cause, gives up the rest of what was set aside for this
    /// thread.
    /// </summary>
    public static long Of(Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
