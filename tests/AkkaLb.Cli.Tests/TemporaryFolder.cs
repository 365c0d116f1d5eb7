using CliWrap;

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
        File.Exists(Path.Combine(path, "AkkaLb.sln"))
            ? path
            : Find(Path.GetDirectoryName(path) ?? throw new InvalidOperationException("no AkkaLb.sln above the tests"));
}

/// <summary>The built program in a process of its own.</summary>
internal static class BuiltProgram
{
    public static Command Command(params IEnumerable<string> arguments) => new Command("dotnet")
        .WithArguments(["exec", Path.Combine(AppContext.BaseDirectory, "akkalb.dll"), .. arguments])
        .WithValidation(CommandResultValidation.None);
}
