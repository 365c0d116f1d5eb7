namespace AkkaLb.Engine;

/// <summary>The names of types in manifests: with the assembly's name, without its version.</summary>
internal static class TypeNames
{
    internal static string Manifest(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
