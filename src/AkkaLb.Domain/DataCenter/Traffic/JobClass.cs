namespace AkkaLb.Domain.DataCenter.Traffic;

/// <summary>A kind of job: its share of the traffic and what it asks of a server.</summary>
/// <param name="Share">Relative to the other classes; positive.</param>
/// <param name="Stages">1 to <see cref="Job.MostStages"/>, alternating processor, disk, processor, …; 1 is processor alone.</param>
/// <param name="Processor">Total over all processor stages.</param>
/// <param name="Disk">Total over all disk stages; without effect when there are none.</param>
public sealed record JobClass(string Name, double Share, int Stages, ServiceTime Processor, ServiceTime Disk)
{
    /// <summary>Mean total work in seconds.</summary>
    public double MeanWork => Processor.Mean + (Stages > 1 ? Disk.Mean : 0);
}
