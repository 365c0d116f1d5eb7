using System.Globalization;

namespace AkkaLb.Domain.DataCenter.Traffic;

/// <summary>
/// Reads the published Poisson traces: a header, then lines of a time in seconds, a tab and <c>/dummy.php/?n=ITERATIONS</c>.
/// </summary>
public static class TraceFile
{
    private const string Query = "?n=";

    /// <param name="source">Named in errors.</param>
    /// <param name="secondsPerIteration">Processor time of one loop iteration of the page; positive.</param>
    /// <returns>Rows with times from that of the first.</returns>
    /// <exception cref="InvalidInputException">A line is not as expected, or times run backwards.</exception>
    public static IReadOnlyList<TraceRow> Parse(string text, string source, double secondsPerIteration)
    {
        List<TraceRow> rows = [];
        double first = 0;
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (++number == 1 || line.IsWhiteSpace())
            {
                continue;
            }
            int tab = line.IndexOf('\t'), query = line.IndexOf(Query);
            if (tab < 0 || query < tab
                || !double.TryParse(line[..tab], NumberStyles.Float, CultureInfo.InvariantCulture, out double time)
                || !double.IsFinite(time)
                || !long.TryParse(line[(query + Query.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out long iterations))
            {
                throw new InvalidInputException(
                    $"{source}, line {number}: expected a time in seconds, a tab and a query such as /dummy.php/?n=5478122");
            }
            first = rows.Count == 0 ? time : first;
            double most = Ticks.ToSeconds(Ticks.Longest);
            if (time - first > most)
            {
                throw new InvalidInputException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{source}, line {number}: expected a time at most {most:0} s after the first, found {time}"));
            }
            if (iterations * secondsPerIteration > most)
            {
                throw new InvalidInputException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{source}, line {number}: expected at most {most:0} s of work, found n={iterations}, "
                        + $"{iterations * secondsPerIteration:G4} s"));
            }
            long ticks = Ticks.FromSeconds(time - first);
            if (rows.Count > 0 && ticks < rows[^1].Time)
            {
                throw new InvalidInputException(
                    $"{source}, line {number}: expected a time not before the line above's, found "
                        + $"{time.ToString(CultureInfo.InvariantCulture)}");
            }
            rows.Add(new TraceRow(ticks, Ticks.FromSeconds(iterations * secondsPerIteration)));
        }
        return rows.Count > 0 ? rows : throw new InvalidInputException($"{source}: expected a header and at least one line of a trace");
    }
}
