using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Runtime.Plots;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>The episodes of a training, one row each, as a table and as a plot.</summary>
internal sealed class LearningCurve
{
    private const string Header = "episode,meanTct,reward,updates,criticLoss,actorLoss,entropy,temperature,value,gradientNorm";
    private const int MaxPoints = 100;

    private readonly List<string> _rows = [];
    private readonly List<double> _times = [];

    public int Count => _rows.Count;

    /// <summary>Mean task completion time of each episode in seconds.</summary>
    public IReadOnlyList<double> Times => _times;

    public void Add(TrainingEpisode episode)
    {
        LearnerStatistics? learnt = episode.Learning;
        _rows.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{episode.Episode},{episode.MeanCompletionTime},{episode.Reward},{learnt?.Updates ?? 0},{learnt?.CriticLoss},"
            + $"{learnt?.ActorLoss},{learnt?.Entropy},{learnt?.Temperature},{learnt?.Value},{learnt?.GradientNorm}"));
        _times.Add(episode.MeanCompletionTime);
    }

    /// <summary>The first episodes of a table written before.</summary>
    /// <exception cref="InvalidInputException">There are fewer, or a row is not as expected.</exception>
    public static LearningCurve Read(string path, int episodes)
    {
        LearningCurve curve = new();
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: expected the episodes that the checkpoint has learnt from: {e.Message}", e);
        }
        foreach (string line in lines.Skip(1).Take(episodes))
        {
            string[] fields = line.Split(',');
            if (fields.Length < 3 || fields[0] != curve.Count.ToString(CultureInfo.InvariantCulture)
                || !double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double time))
            {
                throw new InvalidInputException($"{path}: line {curve.Count + 2}: expected a row for episode {curve.Count}");
            }
            curve._rows.Add(line);
            curve._times.Add(time);
        }
        return curve.Count == episodes
            ? curve
            : throw new InvalidInputException(
                $"{path}: expected at least {episodes} episodes, which the checkpoint has learnt from, found {curve.Count}");
    }

    public string ToCsv() => string.Join('\n', [Header, .. _rows, ""]);

    /// <param name="levels">Lines to compare with: other policies' times.</param>
    public string Plot(string name, string method, IReadOnlyList<ChartLevel> levels)
    {
        int width = Math.Max(1, (_times.Count + MaxPoints - 1) / MaxPoints);
        double[][] groups = [.. _times.Chunk(width)];
        double Middle(int group) => group * width + (groups[group].Length - 1) / 2.0;
        return SvgLineChart.Render(new LineChart(
            $"{name}: {method} while it learns", "training episode", "mean task completion time, seconds")
        {
            Bands = [new ChartBand($"least to most of {width} episodes",
                [.. groups.Select((g, i) => new ChartRange(Middle(i), g.Min(), g.Max()))])],
            Series = [new ChartSeries($"mean of {width} episodes", [.. groups.Select((g, i) => new ChartPoint(Middle(i), g.Average()))])],
            Levels = levels,
        });
    }
}
