using CsvHelper;

namespace AkkaLb.Runtime.Runs;

/// <summary>
/// A table of a run's folder as CSV: numbers read back to the same bits, nothing is an empty field, lines end in a line feed.
/// </summary>
public static class CsvTable
{
    public static string Write(IEnumerable<string> header, IEnumerable<object?[]> rows)
    {
        StringWriter text = new();
        using (CsvWriter csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }))
        {
            csv.WriteRecord([.. header]);
            foreach (object?[] row in rows)
            {
                foreach (object? field in row)
                {
                    csv.WriteField(field);
                }
                csv.EndRecord();
            }
        }
        return text.ToString();
    }
}
