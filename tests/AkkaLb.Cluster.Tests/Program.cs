using System.Diagnostics;
using System.Globalization;

namespace AkkaLb.Cluster.Tests;

/// <summary><c>akkalb</c> in a process of its own.</summary>
public sealed class Program : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly List<string> _errors = [];
    private readonly SemaphoreSlim _said = new(0);

    private Program(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _out = _process.StandardOutput.ReadToEndAsync();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.Add(line.Data ?? "");
            }
            _said.Release();
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has said on standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return string.Join('\n', _errors).Trim();
            }
        }
    }

    /// <param name="temporary">Its folder for temporary files.</param>
    public static Program Start(string temporary, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "akkalb.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["TMPDIR"] = temporary;
        return new Program(start);
    }

    /// <summary>Waits until it says something on standard error, and lives.</summary>
    /// <returns>The line.</returns>
    public async Task<string> SaysAsync(string text, CancellationToken deadline)
    {
        while (true)
        {
            lock (_errors)
            {
                if (_errors.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }
            }
            _process.HasExited.ShouldBeFalse(Errors);
            await _said.WaitAsync(deadline);
        }
    }

    /// <param name="times">That it is sent, one right after the other.</param>
    public void Signal(string name, int times = 1)
    {
        using Process kill = Process.Start(
            "kill", ["-s", name, .. Enumerable.Repeat(_process.Id.ToString(CultureInfo.InvariantCulture), times)]);
        kill.WaitForExit();
    }

    /// <returns>Its exit code and all of its standard output.</returns>
    public async Task<(int ExitCode, string Out)> EndAsync(CancellationToken deadline)
    {
        await _process.WaitForExitAsync(deadline);
        return (_process.ExitCode, await _out);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
        _said.Dispose();
    }
}
