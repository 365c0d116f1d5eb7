using AkkaLb.Domain.Network;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>Progress of a search: redrawn in place on a terminal, else a plain line every few seconds.</summary>
/// <param name="steps">What iterations are, in the plural.</param>
internal sealed class SearchDisplay(
    CommandHost host, string title, double equalWeights, string steps = "generations", string equal = "equal weights")
{
    // Set by the search's thread, read by the view's; a reference is written whole.
    private volatile object? _latest;
    private long _lastLine = host.Time.GetTimestamp();

    /// <param name="search">Runs to its end on the thread it is called on, telling where it stands.</param>
    public async Task<SearchResult> ShowAsync(Func<Action<SearchProgress>, SearchResult> search)
    {
        if (host.ErrorIsTerminal)
        {
            LiveView view = new(host, () => Standing is { } now ? Render(now) : Text.Empty);
            view.WriteLine(title);
            return await view.ShowAsync(() => Task.FromResult(search(progress => _latest = progress)));
        }
        host.Error.WriteLine(title);
        SearchResult result = search(OnProgress);
        WriteLine();
        return result;
    }

    private SearchProgress? Standing => _latest as SearchProgress?;

    private void OnProgress(SearchProgress progress)
    {
        _latest = progress;
        if (host.Time.GetElapsedTime(_lastLine) >= PlainRunDisplay.Interval && progress.Iteration < progress.Iterations)
        {
            WriteLine();
        }
    }

    private void WriteLine()
    {
        _lastLine = host.Time.GetTimestamp();
        if (Standing is { } now)
        {
            host.Error.WriteLine($"{now.Iteration} of {now.Iterations} {steps}: {Words(now)}");
        }
    }

    private Rows Render(SearchProgress now) =>
        new(LiveView.Bar(now.Iteration, now.Iterations, $"[bold]{now.Iteration}[/] of {now.Iterations} {steps}"), new Text(Words(now)));

    private string Words(SearchProgress now) =>
        $"best {Terminal.Figure(now.BestPhi)}, {equal} {Terminal.Figure(equalWeights)}, {Terminal.Count(now.Evaluations)} evaluations";
}
