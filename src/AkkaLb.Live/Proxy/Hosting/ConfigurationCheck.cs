using System.Globalization;
using System.Text.RegularExpressions;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Configuration;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// What YARP and ASP.NET Core's routing do not take, before they get it. YARP tells its log alone and goes on with what it had; routing
/// throws at the first request, and at all after it.
/// </summary>
internal sealed partial class ConfigurationCheck(IConfigValidator validator, ParameterPolicyFactory constraints)
{
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidInputException">Something is not taken.</exception>
    public async Task CheckAsync(string source, IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters)
    {
        foreach (RouteConfig route in routes)
        {
            IList<Exception> problems = await validator.ValidateRouteAsync(route);
            Check("routes", route.RouteId, problems.Count > 0 ? problems[0].Message : HostProblem(route) ?? ConstraintProblem(route));
        }
        foreach (ClusterConfig cluster in clusters)
        {
            IList<Exception> problems = await validator.ValidateClusterAsync(cluster);
            Check("clusters", cluster.ClusterId, problems.Count > 0 ? problems[0].Message : null);
        }
        foreach (RouteConfig[] alike in routes.GroupBy(route => (route.Order, Shape(route.Match.Path!))).Select(group => group.ToArray()))
        {
            for (int i = 1; i < alike.Length; i++)
            {
                Check("routes", alike[i].RouteId, alike.Take(i).FirstOrDefault(before => Collide(before, alike[i])) is { } other
                    ? $"takes the same requests as '{other.RouteId}', expected another path, host, method or order"
                    : null);
            }
        }

        void Check(string section, string name, string? problem)
        {
            if (problem is not null)
            {
                string key = ProxyReader.Key($"{ProxyReader.Section}.{section}", name);
                throw new InvalidInputException($"{source}: '{key}': {problem}");
            }
        }
    }

    private static string? HostProblem(RouteConfig route) =>
        route.Match.Hosts?.FirstOrDefault(host => !Host().IsMatch(host) || !HasPort(host)) is { } wrong
            ? $"'hosts' has '{wrong}', expected names such as example.org, *.example.org or example.org:8080"
            : null;

    /// <summary>Whether a port, if there is one, is any or a number that ports have.</summary>
    private static bool HasPort(string host)
    {
        string port = host.Split(':') is [_, var given] ? given : "*";
        return port == "*"
            || (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65536);
    }

    private string? ConstraintProblem(RouteConfig route)
    {
        try
        {
            foreach (RoutePatternParameterPart parameter in RoutePatternFactory.Parse(route.Match.Path!).Parameters)
            {
                foreach (RoutePatternParameterPolicyReference policy in parameter.ParameterPolicies)
                {
                    constraints.Create(parameter, policy);
                }
            }
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or RouteCreationException or ArgumentException)
        {
            return $"'path' is '{route.Match.Path}': {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>Whether some request fits both of one order and path, and nothing says which of them is meant.</summary>
    private static bool Collide(RouteConfig a, RouteConfig b) =>
        Share(a.Match.Hosts, b.Match.Hosts) && Share(a.Match.Methods, b.Match.Methods);

    private static bool Share(IReadOnlyList<string>? a, IReadOnlyList<string>? b) =>
        a is null || b is null ? a is null && b is null : a.Intersect(b, StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>A path without the names of its parameters and whether letters are capital.</summary>
    private static string Shape(string path) => ParameterName().Replace(path.Trim('/'), "{$1").ToUpperInvariant();

    [GeneratedRegex(@"^(\*\.)?[^\s/:@?#*]+(:[^:]+)?$|^\*(:[^:]+)?$")]
    private static partial Regex Host();

    [GeneratedRegex(@"\{(\*{0,2})[^:}=?]*")]
    private static partial Regex ParameterName();
}
