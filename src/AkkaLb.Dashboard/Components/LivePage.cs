using AkkaLb.Dashboard.Hosting;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Dashboard.Components;

/// <summary>A page that looks again every second while it is open. What goes wrong is a sentence on it, and it looks again.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    /// <summary>Between two looks.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closed = new();
    private Task _looking = Task.CompletedTask;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    [Inject]
    internal ILogger<LivePage> Log { get; set; } = null!;

    /// <summary>What went wrong at the last look; null: nothing.</summary>
    protected string? Problem { get; private set; }

    protected CancellationToken Closed => _closed.Token;

    /// <summary>What the page is about, for what nobody had expected of it.</summary>
    private protected virtual string Subject => "this page";

    /// <summary>Looks at what the page shows.</summary>
    /// <returns>Whether there is anything new to draw.</returns>
    protected abstract Task<bool> LookAsync();

    protected override async Task OnParametersSetAsync() => await TryAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _looking = RepeatAsync();
        }
    }

    /// <summary>Does something that may go wrong.</summary>
    protected async Task<bool> TryAsync(Func<Task<bool>>? act = null)
    {
        string? before = Problem;
        try
        {
            bool isNew = await (act ?? LookAsync)();
            Problem = null;
            return isNew || before is not null;
        }
        catch (Exception e) when (e is InvalidInputException or RunFailedException or IOException or UnauthorizedAccessException)
        {
            Problem = e.Message;
            return before != Problem;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Problem = $"{Subject}: cannot be shown: {e.Message.ReplaceLineEndings(" ")}";
            if (before != Problem)
            {
                DashboardLog.NotShown(Log, e, Subject);
            }
            return before != Problem;
        }
    }

    /// <inheritdoc cref="TryAsync"/>
    protected Task Try(Action act) => TryAsync(() =>
    {
        act();
        return Task.FromResult(true);
    });

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _looking;
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task RepeatAsync()
    {
        using PeriodicTimer timer = new(Period, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_closed.Token))
            {
                await InvokeAsync(async () =>
                {
                    if (await TryAsync())
                    {
                        StateHasChanged();
                    }
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The page is closed.
        }
    }
}
