namespace AkkaLb.Domain.DataCenter.Traffic;

/// <summary>Jobs by a small index that is used again when a job is gone, so a run allocates for the most jobs alive at once only.</summary>
public sealed class JobTable
{
    private Job[] _jobs = new Job[64];
    private int[] _free = new int[64];
    private int _freeCount, _used;

    /// <summary>Jobs alive.</summary>
    public int Count => _used - _freeCount;

    public ref Job this[int job] => ref _jobs[job];

    /// <summary>An index for a new job, whose content is what the last job there left.</summary>
    public int Add()
    {
        if (_freeCount > 0)
        {
            return _free[--_freeCount];
        }
        if (_used == _jobs.Length)
        {
            Array.Resize(ref _jobs, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }
        return _used++;
    }

    public void Remove(int job) => _free[_freeCount++] = job;
}
