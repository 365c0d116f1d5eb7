namespace AkkaLb.Cli.Tests;

/// <summary>Where this repository lies.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string path) =>
        File.Exists(Path.Combine(path, "AkkaLb.sln"))
            ? path
            : Find(Path.GetDirectoryName(path) ?? throw new InvalidOperationException("no AkkaLb.sln above the tests"));
}
