using System.Globalization;
using AkkaLb.Runtime.Experiments;
using CliWrap;
using CliWrap.Exceptions;

namespace AkkaLb.Live.Testbed;

/// <summary>A process of the testbed, which ends with it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ask = new(), _force = new();
    private readonly TaskCompletionSource _inputOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _program, _log;
    private int? _id;

    /// <param name="log">Absolute path of the file that takes its stderr.</param>
    /// <param name="output">Is told each line of its stdout; null: nobody is.</param>
    /// <param name="holdInput">Standard input stays open as long as this process lives, for a child that ends with it.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public ChildProcess(
        string program, IReadOnlyList<string> arguments, string log, Action<string>? output = null, bool holdInput = false,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        (_program, _log) = (program, log);
        PipeTarget file = PipeTarget.ToFile(log);
        Ended = RunAsync(Cli.Wrap(program)
            .WithArguments(arguments)
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(holdInput ? PipeSource.Create(HoldAsync) : PipeSource.Null)
            .WithStandardOutputPipe(output is null ? PipeTarget.Null : PipeTarget.ToDelegate(output))
            .WithStandardErrorPipe(file));
    }

    /// <summary>Ends with the process, without an exception.</summary>
    public Task Ended { get; }

    /// <summary>Waits for something of a process that must not end before.</summary>
    /// <exception cref="RunFailedException">It ended, or did not come to it in time.</exception>
    public async Task<T> UntilAsync<T>(Task<T> ready, TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        Task first = await Task.WhenAny(ready, Ended, Task.Delay(within, time, cancellation));
        cancellation.ThrowIfCancellationRequested();
        string what = first == Ended ? "ended" : $"was not ready within {within.TotalSeconds:0} s";
        return first == ready ? await ready : throw new RunFailedException($"{_program} {what}: {LastWords()} (log: {_log})");
    }

    public async ValueTask DisposeAsync()
    {
        // Its input ends, which some wait for, and where there are no signals it is asked in Windows' way.
        _inputOver.TrySetResult();
        if (!Ended.IsCompleted && (_id is not { } id || !Signals.Terminate(id)))
        {
            await _ask.CancelAsync();
        }
        _force.CancelAfter(Patience);
        await Ended;
        _ask.Dispose();
        _force.Dispose();
    }

    private async Task RunAsync(Command command)
    {
        try
        {
            CommandTask<CommandResult> running = command.ExecuteAsync(_force.Token, _ask.Token);
            _id = running.ProcessId;
            await File.WriteAllTextAsync(Leftovers.FileOf(_log), running.ProcessId.ToString(CultureInfo.InvariantCulture));
            await running;
        }
        catch (Exception e) when (e is OperationCanceledException or CommandExecutionException or System.ComponentModel.Win32Exception)
        {
            // It was told to, or could not start: whoever waits for it finds it ended.
            Failure = e is OperationCanceledException ? null : e.Message;
        }
        File.Delete(Leftovers.FileOf(_log));
    }

    private string? Failure { get; set; }

    private string LastWords()
    {
        string? line = Failure ?? (File.Exists(_log) ? File.ReadLines(_log).LastOrDefault(l => l.Length > 0) : null);
        return line ?? "it said nothing";
    }

    private async Task HoldAsync(Stream input, CancellationToken cancellation)
    {
        await using (cancellation.UnsafeRegister(_ => _inputOver.TrySetResult(), null))
        {
            await _inputOver.Task;
        }
    }
}
