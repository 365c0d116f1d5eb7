using AkkaLb.Domain;
using CsvHelper;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary><c>episodes.csv</c>: a row per episode, in order; same seed, same bytes.</summary>
internal sealed class EpisodeLog : IDisposable
{
    private static readonly CsvReaderOptions Format = new() { Separator = ',', MissingField = CsvMissingFieldHandling.Throw };

    private readonly CsvWriter _csv;

    private EpisodeLog(string path, bool append)
    {
        _csv = CsvWriter.Create(new StreamWriter(path, append), new CsvWriterOptions { NewLine = "\n" });
        if (!append)
        {
            _csv.WriteHeader<EpisodeReport>();
        }
    }

    /// <summary>
    /// Starts the file anew with the given rows, which a resumed run already has. A process that dies while doing so leaves the old file.
    /// </summary>
    public static EpisodeLog Create(string path, IEnumerable<EpisodeReport> rows)
    {
        string temporary = path + ".new";
        using (EpisodeLog log = new(temporary, append: false))
        {
            foreach (EpisodeReport row in rows)
            {
                log.Append(row);
            }
        }
        File.Move(temporary, path, overwrite: true);
        return new EpisodeLog(path, append: true);
    }

    /// <summary>The first <paramref name="count"/> rows of a file.</summary>
    /// <exception cref="InvalidInputException">The file is missing or damaged, or has fewer rows.</exception>
    public static IReadOnlyList<EpisodeReport> Read(string path, int count)
    {
        List<EpisodeReport> rows = [];
        try
        {
            using CsvReader csv = CsvReader.FromFile(path, Format);
            csv.ValidateHeader<EpisodeReport>();
            while (rows.Count < count && csv.Read())
            {
                rows.Add(csv.GetRecord<EpisodeReport>());
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is CsvFormatException or KeyNotFoundException)
        {
            throw new InvalidInputException($"{path}: line {rows.Count + 2}: expected a row for episode {rows.Count}", e);
        }
        return rows.Count == count
            ? rows
            : throw new InvalidInputException(
                $"{path}: expected at least {count} episodes, which the checkpoint has learnt from, found {rows.Count}");
    }

    public void Append(EpisodeReport episode) => _csv.WriteRecord(episode);

    public void Flush() => _csv.Flush();

    public void Dispose() => _csv.Dispose();
}
