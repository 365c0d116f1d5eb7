using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes <see cref="Config"/>s from HOCON text.</summary>
public static class ConfigurationFactory
{
    private static readonly string[] DefaultFiles = ["app.conf", "app.hocon"];

    /// <summary>A configuration without keys.</summary>
    public static Config Empty => Config.Empty;

    /// <summary>Reads a text without includes.</summary>
    /// <exception cref="ConfigurationException">The text is malformed.</exception>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <summary>Reads a text whose includes <paramref name="includeCallback"/> supplies: the document, or null when there is none.</summary>
    /// <exception cref="ConfigurationException">The text is malformed, or a required include is missing.</exception>
    public static Config ParseString(string hocon, Func<string, HoconRoot?>? includeCallback) => new(Parser.Parse(hocon, includeCallback));

    /// <summary><c>app.conf</c> or <c>app.hocon</c> of the working directory, or nothing.</summary>
    public static Config Load() =>
        DefaultFiles.FirstOrDefault(File.Exists) is { } file ? ParseString(File.ReadAllText(file)) : Empty;

    /// <summary>The actor system's reference configuration.</summary>
    public static Config Default() => Reference.Value;

    /// <summary>A resource of the assembly that defines <typeparamref name="TAssembly"/>.</summary>
    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>A resource of the assembly that defines the type of <paramref name="instanceInAssembly"/>.</summary>
    public static Config FromResource(string resourceName, object instanceInAssembly) =>
        FromResource(resourceName, (instanceInAssembly as Type ?? instanceInAssembly.GetType()).Assembly);

    /// <summary>A resource of an assembly.</summary>
    /// <exception cref="ConfigurationException">There is no such resource, or it is malformed.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using Stream stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"resource '{resourceName}' not found in {assembly.GetName().Name}");
        using StreamReader reader = new(stream);
        return ParseString(reader.ReadToEnd());
    }

    private static class Reference
    {
        public static readonly Config Value = FromResource("Akka.Configuration.akka.conf", typeof(Reference).Assembly);
    }
}
