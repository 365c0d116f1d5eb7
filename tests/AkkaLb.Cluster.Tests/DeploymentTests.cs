using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AkkaLb.Runtime.Cluster;
using YamlDotNet.RepresentationModel;

namespace AkkaLb.Cluster.Tests;

/// <summary>The files of the folder <c>cluster</c> are what their readers expect.</summary>
public sealed class DeploymentTests : IDisposable
{
    private const string Prefix = "AKKALB_";

    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-deployment-").FullName;

    public static TheoryData<string> NodeFiles => [.. Directory.GetFiles(Cluster(), "*.conf").Select(file => Path.GetFileName(file)!)];

    public static TheoryData<string> YamlFiles =>
        [.. Directory.GetFiles(Cluster(), "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Cluster(), file))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>With the variables that compose.yaml and the StatefulSet set.</summary>
    [Theory]
    [MemberData(nameof(NodeFiles))]
    public void NodeFile_WithTheEnvironmentOfAContainer_IsRead(string name)
    {
        using TestCertificates ours = new(_folder);
        (string certificate, string key) = ours.SignPem("node");
        Dictionary<string, string> environment = new()
        {
            ["HOST"] = "node-1", ["PORT"] = "4063", ["BIND"] = "0.0.0.0", ["SEEDS"] = "node-1:4053, node-2:4053",
            ["DATABASE"] = "Host=postgres",
            ["FOLDER"] = _folder, ["HTTP_HOST"] = "0.0.0.0", ["HTTP_PORT"] = "9120", ["HTTP_INSECURE"] = "on",
            ["CERTIFICATE"] = certificate, ["CERTIFICATE_KEY"] = key, ["AUTHORITY"] = ours.Authority,
        };
        try
        {
            Set(environment, value => value);
            NodeOptions options = NodeOptions.Read(Path.Combine(Cluster(), name), []);
            (options.Host, options.Port, options.Bind, options.Database, options.Folder).ShouldBe(
                ("node-1", 4063, "0.0.0.0", "Host=postgres", _folder));
            (options.HttpHost, options.HttpPort).ShouldBe(("0.0.0.0", 9120));
            options.Seeds.ShouldBe(["node-1:4053", "node-2:4053"]);
            options.Tls.ShouldNotBeNull();
        }
        finally
        {
            Set(environment, _ => null);
        }
    }

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void YamlFile_IsYaml(string name)
    {
        YamlStream yaml = [];
        using StreamReader reader = new(Path.Combine(Cluster(), name));
        yaml.Load(reader);
        yaml.Documents.ShouldNotBeEmpty();
    }

    /// <summary>A variable that a container sets and no node file reads would be a setting without effect.</summary>
    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("kubernetes/statefulset.yaml")]
    [InlineData("Dockerfile")]
    public void Variables_AreAllReadByTheNodeFile(string name)
    {
        string node = File.ReadAllText(Path.Combine(Cluster(), "node.conf"));
        string[] set = [.. Regex.Matches(File.ReadAllText(Path.Combine(Cluster(), name)), $@"\b{Prefix}[A-Z_]+").Select(match =>
            match.Value)];
        set.ShouldNotBeEmpty();
        set.Where(variable => !node.Contains($"${{?{variable}}}", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>The image is built of these files alone: one that a project embeds and that is left out ends the build.</summary>
    [Fact]
    public void Image_HasWhatProjectsEmbed()
    {
        string root = Path.GetDirectoryName(Cluster())!;
        string[] taken =
        [
            .. File.ReadLines(Path.Combine(Cluster(), "Dockerfile.dockerignore")).Where(line => line.StartsWith('!'))
                .Select(line => $"^{Regex.Escape(line[1..]).Replace("\\*", "[^/]*", StringComparison.Ordinal)}$"),
        ];
        string[] embedded =
        [
            .. Directory.EnumerateFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories)
                .SelectMany(project => Regex.Matches(File.ReadAllText(project), "EmbeddedResource Include=\"../../([^\"]+)\""))
                .Select(match => match.Groups[1].Value),
        ];
        embedded.ShouldContain("hocon/reference.conf");
        embedded.Where(file => !taken.Any(pattern => Regex.IsMatch(file, pattern))).ShouldBeEmpty();
    }

    private static void Set(Dictionary<string, string> environment, Func<string, string?> value)
    {
        foreach ((string name, string text) in environment)
        {
            Environment.SetEnvironmentVariable(Prefix + name, value(text));
        }
    }

    private static string Cluster([CallerFilePath] string file = "") => Path.GetFullPath("../../cluster", Path.GetDirectoryName(file)!);
}
