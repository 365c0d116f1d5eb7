namespace AkkaLb.Learning.Memory;

/// <summary>How often an agent's memory was asked in vain or not, by what <see cref="ExperienceChanges"/> noted.</summary>
/// <param name="Horizons">That were opened.</param>
/// <param name="Answers">Of an entry, to a state that was familiar.</param>
/// <param name="Cases">That were taken in: states that were not.</param>
public sealed record ExperienceUse(int Horizons, int Answers, int Cases)
{
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="ExperienceChanges.Take"/> gave.</exception>
    public static ExperienceUse Of(ReadOnlyMemory<byte> noted)
    {
        Counter counter = new();
        ExperienceChanges.Read(noted, counter);
        return new ExperienceUse(counter.Horizons, counter.Answers, counter.Cases);
    }

    private sealed class Counter : IExperienceChanges
    {
        public int Horizons { get; private set; }

        public int Answers { get; private set; }

        public int Cases { get; private set; }

        public void Opened() => Horizons++;

        public void PolicyChanged(long version) => Horizons++;

        public void Added(int exchange, int table, int action, ReadOnlySpan<float> state, ReadOnlySpan<float> outcome) => Cases++;

        public void Removed(int exchange, int table, int row)
        {
        }

        public void Expired(int exchange, int table, long oldestVersion)
        {
        }

        public void Used(int exchange, int table, int row) => Answers++;

        public void Arranged(int exchange, IReadOnlyList<(int Table, int Row)[]> sources)
        {
        }

        public void Reduced(int exchange)
        {
        }

        public void DeltaChanged(int exchange, double delta)
        {
        }
    }
}
