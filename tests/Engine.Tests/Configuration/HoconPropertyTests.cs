using System.Text.Json;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using FsCheck;
using FsCheck.Fluent;
using Config = Akka.Configuration.Config;

namespace Engine.Tests.Configuration;

/// <summary>Laws that hold for every configuration, tried on generated ones. A tree is a string, a list or a dictionary.</summary>
public class HoconPropertyTests
{
    private static readonly string[] Keys = ["a", "b", "c d", "e.f", "include", "1", ""];
    private static readonly string[] Words = ["", " ", "null", "true", "1.50", "a b ", "http://x", "# no", "${a}", "\"", "\\", "\n", "é\u0001", "+="];

    private static readonly FsCheck.Config Seeded = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(2024, 11);

    [Fact]
    public void Parse_Json_GivesTheSameTree() => Prop.ForAll(Objects(), tree =>
        Same(Parse(tree).Root.GetObject().Unwrapped, tree)).Check(Seeded);

    [Fact]
    public void ToString_ReadAgain_GivesTheSameTree() => Prop.ForAll(Objects(), tree =>
        Same(ConfigurationFactory.ParseString(Parse(tree).ToString()).Root.GetObject().Unwrapped, tree)).Check(Seeded);

    [Fact]
    public void WithFallback_IsAssociative() => Prop.ForAll(Objects(), Objects(), Objects(), (x, y, z) =>
    {
        Config left = Parse(x).WithFallback(Parse(y)).WithFallback(Parse(z));
        Config right = Parse(x).WithFallback(Parse(y).WithFallback(Parse(z)));
        return Same(left.Root.GetObject().Unwrapped, right.Root.GetObject().Unwrapped);
    }).Check(Seeded);

    [Fact]
    public void WithFallback_MeansTheSameAsOneDocumentAfterTheOther() => Prop.ForAll(Objects(), Objects(), (x, y) =>
        Same(
            Parse(x).WithFallback(Parse(y)).Root.GetObject().Unwrapped,
            ConfigurationFactory.ParseString($"{Fields(y)}\n{Fields(x)}").Root.GetObject().Unwrapped)).Check(Seeded);

    [Fact]
    public void Parse_AnyText_GivesAConfigurationOrOneLineOfError() => Prop.ForAll(Texts(), text =>
    {
        try
        {
            return ConfigurationFactory.ParseString(text).Root.IsObject();
        }
        catch (ConfigurationException e)
        {
            return e.Message.StartsWith("line ", StringComparison.Ordinal) && !e.Message.Contains('\n');
        }
    }).Check(Seeded.WithMaxTest(3000));

    private static Config Parse(object tree) => ConfigurationFactory.ParseString(JsonSerializer.Serialize(tree));

    private static string Fields(object tree) => JsonSerializer.Serialize(tree)[1..^1];

    private static bool Same(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => x == y,
        (IDictionary<string, object> x, IDictionary<string, object> y) =>
            x.Count == y.Count && x.All(item => y.TryGetValue(item.Key, out object? other) && Same(item.Value, other)),
        (IList<object> x, IList<object> y) => x.Count == y.Count && x.Zip(y).All(pair => Same(pair.First, pair.Second)),
        _ => false,
    };

    private static Arbitrary<object> Objects() => ObjectOf(3).ToArbitrary();

    private static Gen<object> Tree(int depth)
    {
        Gen<object> leaf = Gen.Elements(Words).Select(word => (object)word);
        return depth == 0 ? leaf : Gen.OneOf(leaf, ObjectOf(depth), ListOf(depth));
    }

    private static Gen<object> ListOf(int depth) => Tree(depth - 1).ListOf().Resize(3).Select(items => (object)items.ToList());

    private static Gen<object> ObjectOf(int depth) =>
        from keys in Gen.SubListOf(Keys)
        from values in Tree(depth - 1).ListOf(keys.Count)
        select (object)keys.Zip(values).ToDictionary(item => item.First, item => item.Second);

    private static Arbitrary<string> Texts() =>
        Gen.Elements("a", "b", ".", "=", ":", "{", "}", "[", "]", ",", "\n", " ", "\"", "\"\"\"", "${", "${?", "+=", "#", "//", "1", "\\", "include ", "null")
            .ListOf().Resize(20).Select(string.Concat).ToArbitrary();
}
