namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>Draws servers in proportion to weights in constant time (Walker 1977, in Vose's order of construction).</summary>
internal sealed class AliasTable(int servers)
{
    private readonly double[] _scaled = new double[servers];
    private readonly uint[] _threshold = new uint[servers];
    private readonly int[] _alias = new int[servers];
    private readonly int[] _small = new int[servers], _large = new int[servers];

    /// <param name="weights">From 0, with a positive sum.</param>
    public void Build(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }
        int small = 0, large = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            _scaled[j] = weights[j] * weights.Length / sum;
            if (_scaled[j] < 1)
            {
                _small[small++] = j;
            }
            else
            {
                _large[large++] = j;
            }
        }
        while (small > 0 && large > 0)
        {
            int low = _small[--small], high = _large[large - 1];
            (_threshold[low], _alias[low]) = (ToThreshold(_scaled[low]), high);
            _scaled[high] -= 1 - _scaled[low];
            if (_scaled[high] < 1)
            {
                large--;
                _small[small++] = high;
            }
        }
        // What is left has weight 1 but for rounding.
        while (large > 0)
        {
            Fill(_large[--large]);
        }
        while (small > 0)
        {
            Fill(_small[--small]);
        }
    }

    /// <summary>The server for a uniform word: its high part picks a column, its low part tosses the column's coin.</summary>
    public int Choose(uint word)
    {
        ulong product = (ulong)word * (uint)_alias.Length;
        int column = (int)(product >> 32);
        return (uint)product < _threshold[column] ? column : _alias[column];
    }

    private void Fill(int column) => (_threshold[column], _alias[column]) = (uint.MaxValue, column);

    private static uint ToThreshold(double probability) => (uint)(probability * uint.MaxValue);
}
