using System.Diagnostics;

namespace AkkaLb.Cli.Tests;

/// <summary>A folder of one test, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("akkalb-cli-").FullName;

    public string this[string name] => Path.Combine(FullPath, name);

    public string MakeFolder(string name) => Directory.CreateDirectory(this[name]).FullName;

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}

internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string path) =>
        File.Exists(Path.Combine(path, "AkkaLb.sln")) ? path : Find(Path.GetDirectoryName(path) ?? throw new InvalidOperationException("no AkkaLb.sln above the tests"));
}

/// <summary>What a process wrote and how it ended.</summary>
internal sealed record ProcessOutcome(int ExitCode, string Output, string Error)
{
    public static ProcessOutcome Of(ProcessStartInfo start, params IEnumerable<string> arguments)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProcessOutcome(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
