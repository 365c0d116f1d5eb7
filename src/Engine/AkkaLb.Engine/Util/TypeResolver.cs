using System.Reflection;
using Akka.Configuration;

namespace AkkaLb.Engine;

/// <summary>Finds the types that configurations name, as <c>Namespace.Type</c> or <c>Namespace.Type, Assembly</c>.</summary>
/// <remarks>Akka.NET's assembly names are accepted for the types that the engine supplies, so that one file fits both engines.</remarks>
internal static class TypeResolver
{
    internal static Type? Find(string name)
    {
        if (Type.GetType(name, throwOnError: false) is { } direct) { return direct; }
        int comma = name.IndexOf(',');
        string full = (comma < 0 ? name : name[..comma]).Trim();
        string? assembly = comma < 0 ? null : name[(comma + 1)..].Split(',')[0].Trim();
        bool ours = assembly is null || assembly == "Akka" || assembly.StartsWith("Akka.", StringComparison.Ordinal);
        foreach (Assembly loaded in AppDomain.CurrentDomain.GetAssemblies())
        {
            string? loadedName = loaded.GetName().Name;
            if (assembly is not null && loadedName != assembly && !(ours && loadedName!.StartsWith("AkkaLb.Engine", StringComparison.Ordinal))) { continue; }
            if (loaded.GetType(full, throwOnError: false) is { } found) { return found; }
        }
        return ours && assembly?.Length > "Akka".Length ? FindInPart($"AkkaLb.Engine{assembly["Akka".Length..]}", full) : null;
    }

    /// <summary>Finds a type in a part of the engine that nothing has needed so far.</summary>
    private static Type? FindInPart(string assembly, string full)
    {
        try
        {
            return Assembly.Load(assembly).GetType(full, throwOnError: false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    internal static Type Require(string name) => Find(name)
        ?? throw new ConfigurationException($"type '{name}' not found, expected 'Namespace.Type, Assembly'");

    /// <summary>Makes an instance of the named type.</summary>
    internal static T Create<T>(string name, params object?[] arguments) where T : class
    {
        Type type = Require(name);
        if (!typeof(T).IsAssignableFrom(type)) { throw new ConfigurationException($"type '{name}' is not a {typeof(T).FullName}"); }
        try
        {
            return (T)Activator.CreateInstance(type, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw new ConfigurationException($"type '{name}' cannot be created: {e.InnerException!.Message}", e.InnerException);
        }
        catch (MissingMethodException e)
        {
            throw new ConfigurationException($"type '{name}' has no public constructor ({string.Join(", ", arguments.Select(a => a?.GetType().Name))})", e);
        }
    }
}
