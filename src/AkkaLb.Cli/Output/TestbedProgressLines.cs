using AkkaLb.Live.Load;
using AkkaLb.Live.Testbed;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Output;

/// <summary>A line on stderr for each run of a comparison, with an estimate of what is left.</summary>
internal sealed class TestbedProgressLines(CommandHost host)
{
    private long _started;
    private int _before;

    public void Show(TestbedProgress progress)
    {
        if (progress.Last is not { } last)
        {
            (_started, _before) = (host.Time.GetTimestamp(), progress.Done);
            string found = progress.Done > 0 ? $", {progress.Done} of them made before" : "";
            host.Error.WriteLine($"{progress.Total} runs{found}; run folder {RunFolder.Near(progress.Folder)}");
            return;
        }
        TimeSpan left = host.Time.GetElapsedTime(_started) / (progress.Done - _before) * (progress.Total - progress.Done);
        LatencyFigures all = last.Report.All;
        string what = last.Report.Void is { } reason
            ? $"void: {reason}"
            : $"mean {LoadReportView.Milliseconds(all.Mean)} ms, p99 {LoadReportView.Milliseconds(all.P99)} ms, {all.Errors} errors, "
                + $"processors {(last.Report.Processor is { } share ? Terminal.Percent(share) : "not known")}";
        string attempts = last.Attempts > 1 ? $" ({last.Attempts} attempts)" : "";
        host.Error.WriteLine(
            $"{progress.Done} of {progress.Total}: {last.Cell.Name}: {what}{attempts}"
            + (progress.Done < progress.Total ? $"; {Terminal.Duration(left)} left" : ""));
    }
}
