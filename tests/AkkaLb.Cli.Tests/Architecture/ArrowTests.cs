using System.Text.RegularExpressions;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace AkkaLb.Cli.Tests.Architecture;

/// <summary>Arrows between projects point one way only, and a package is known to the projects that it was taken in for.</summary>
public class ArrowTests
{
    /// <summary>Assemblies that each project knows besides .NET's: no others, and each of them.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["AkkaLb.Hocon"] = [],
        ["AkkaLb.Domain"] = [],
        ["AkkaLb.Learning"] = ["AkkaLb.Domain", "Google.Protobuf", "OnnxSharp"],
        ["AkkaLb.Learning.Torch"] = ["AkkaLb.Domain", "AkkaLb.Learning", "TorchSharp"],
        ["AkkaLb.Agents"] = ["AkkaLb.Domain", "AkkaLb.Learning", "Akka", "Akka.Cluster", "Akka.Cluster.Sharding", "Akka.Persistence"],
        ["AkkaLb.Runtime"] =
        [
            "AkkaLb.Domain", "AkkaLb.Learning", "AkkaLb.Agents", "AkkaLb.Hocon",
            "Akka", "Akka.Cluster", "Akka.Cluster.Hosting", "Akka.Cluster.Sharding", "Akka.Coordination",
            "Akka.DependencyInjection", "Akka.Hosting", "Akka.Logger.Serilog", "Akka.Persistence.*", "Akka.Remote", "CsvHelper",
            "Google.Protobuf", "Microsoft.AspNetCore*",
            "Microsoft.Extensions.*", "OpenTelemetry*", "Serilog*", "YamlDotNet",
            "Dapper", "LanguageExt.Core", "linq2db", "Microsoft.Data.Sqlite", "Npgsql",
        ],
        ["AkkaLb.Live"] =
        [
            "AkkaLb.Domain", "AkkaLb.Agents", "AkkaLb.Hocon", "AkkaLb.Runtime",
            "Akka", "CliWrap", "HdrHistogram", "Microsoft.AspNetCore*", "Microsoft.Extensions.*",
            "Microsoft.Net.Http.Headers", "Serilog*", "Yarp.ReverseProxy",
        ],
        ["AkkaLb.Dashboard"] =
        [
            "AkkaLb.Domain", "AkkaLb.Agents", "AkkaLb.Hocon", "AkkaLb.Live", "AkkaLb.Runtime",
            "CsvHelper", "Microsoft.AspNetCore*", "Microsoft.Extensions.*", "Microsoft.Net.Http.Headers", "Serilog*",
        ],
        ["akkalb"] =
        [
            "AkkaLb.Domain", "AkkaLb.Learning", "AkkaLb.Learning.Torch", "AkkaLb.Dashboard", "AkkaLb.Live", "AkkaLb.Runtime",
            "CsvHelper", "Spectre.Console*", "System.CommandLine",
        ],
    };

    private static readonly ArchUnitNET.Domain.Architecture Built =
        new ArchLoader().LoadAssemblies([.. Arrows.Keys.Select(System.Reflection.Assembly.Load)]).Build();

    public static TheoryData<string> Projects => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_KnowsOnlyWhatItMay(string project) => Violations(project, Arrows[project]).ShouldBeEmpty();

    /// <summary>So the test can fail, and no permission outlives its use.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_OnePermissionLess_IsAViolation(string project)
    {
        foreach (string known in Arrows[project])
        {
            Violations(project, Arrows[project].Except([known])).ShouldNotBeEmpty($"{project} does not need {known}");
        }
    }

    [Fact]
    public void Projects_AreAllBuiltOnes() =>
        Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => name.StartsWith("akkalb", StringComparison.OrdinalIgnoreCase))
            .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal))
            .ShouldBe(Arrows.Keys, ignoreOrder: true);

    private static string[] Violations(string project, IEnumerable<string> known)
    {
        string names = string.Join('|', known.Append(project).Select(name => Regex.Escape(name).Replace(@"\*", ".*")));
        IArchRule rule = Types().That().ResideInAssemblyMatching($"^{Regex.Escape(project)},")
            .Should().NotDependOnAny(
                Types(true).That().DoNotResideInAssemblyMatching($@"^({names}|System\.(?!CommandLine).*|Microsoft\.Win32\..*),"));
        return [.. rule.Evaluate(Built).Where(result => !result.Passed).Select(result => result.Description)];
    }
}
