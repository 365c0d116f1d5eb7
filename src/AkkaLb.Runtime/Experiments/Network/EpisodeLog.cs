using System.Globalization;
using AkkaLb.Domain;
using CsvHelper;
using CsvHelper.Configuration;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary><c>episodes.csv</c>: a row per episode, in order; same seed, same bytes.</summary>
internal sealed class EpisodeLog : IDisposable
{
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    private readonly CsvWriter _csv;

    private EpisodeLog(string path, bool append)
    {
        _csv = new CsvWriter(new StreamWriter(path, append), Format);
        _csv.Context.RegisterClassMap<Columns>();
        if (!append)
        {
            _csv.WriteHeader<EpisodeReport>();
            _csv.NextRecord();
        }
    }

    /// <summary>Starts the file anew with the given rows, which a resumed run already has. A process that dies while doing so leaves the old file.</summary>
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
            using CsvReader csv = new(new StreamReader(path), Format);
            csv.Read();
            csv.ReadHeader();
            while (rows.Count < count && csv.Read())
            {
                rows.Add(new EpisodeReport(
                    csv.GetField<int>("episode"),
                    csv.GetField<double>("phi"),
                    csv.GetField<double>("phiStart"),
                    csv.GetField<double>("phiLowest"),
                    csv.GetField<double>("maxUtilisation"),
                    csv.GetField<long>("exchangesSent"),
                    csv.GetField<long>("exchangesPossible"),
                    csv.GetField<int>("policyVersion"),
                    csv.GetField<long>("requestsSent"),
                    csv.GetField<long>("teamExchanges"),
                    csv.GetField<long>("recallExchanges")));
            }
        }
        catch (IOException e)
        {
            throw new InvalidInputException($"{path}: cannot be read: {e.Message}", e);
        }
        catch (CsvHelperException e)
        {
            throw new InvalidInputException($"{path}: line {rows.Count + 2}: expected a row for episode {rows.Count}", e);
        }
        return rows.Count == count
            ? rows
            : throw new InvalidInputException($"{path}: expected at least {count} episodes, which the checkpoint has learnt from, found {rows.Count}");
    }

    public void Append(EpisodeReport episode)
    {
        _csv.WriteRecord(episode);
        _csv.NextRecord();
    }

    public void Flush() => _csv.Flush();

    public void Dispose() => _csv.Dispose();

    private sealed class Columns : ClassMap<EpisodeReport>
    {
        public Columns()
        {
            Map(e => e.Episode).Name("episode");
            Map(e => e.Phi).Name("phi");
            Map(e => e.PhiStart).Name("phiStart");
            Map(e => e.PhiLowest).Name("phiLowest");
            Map(e => e.MaxUtilisation).Name("maxUtilisation");
            Map(e => e.ExchangesSent).Name("exchangesSent");
            Map(e => e.ExchangesPossible).Name("exchangesPossible");
            Map(e => e.PolicyVersion).Name("policyVersion");
            Map(e => e.RequestsSent).Name("requestsSent");
            Map(e => e.TeamExchanges).Name("teamExchanges");
            Map(e => e.RecallExchanges).Name("recallExchanges");
        }
    }
}
