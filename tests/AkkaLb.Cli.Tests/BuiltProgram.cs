using CliWrap;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program in a process of its own.</summary>
internal static class BuiltProgram
{
    public static Command Command(params IEnumerable<string> arguments) => new Command("dotnet")
        .WithArguments(["exec", Path.Combine(AppContext.BaseDirectory, "akkalb.dll"), .. arguments])
        .WithValidation(CommandResultValidation.None);

    /// <summary>Kills the program as soon as it is time: SIGKILL, so that it has no chance to end well.</summary>
    /// <returns>Whether it lived until then.</returns>
    public static async Task<bool> KillAsync(Func<bool> isTime, string[] arguments)
    {
        using CancellationTokenSource kill = new();
        Task process = Command(arguments).ExecuteAsync(kill.Token);
        while (!isTime() && await Task.WhenAny(process, Task.Delay(20)) != process)
        {
        }
        await kill.CancelAsync();
        await process.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return process.IsCanceled;
    }
}
