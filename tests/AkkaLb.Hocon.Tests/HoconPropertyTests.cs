using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using AkkaConfig = Akka.Configuration.ConfigurationFactory;
using AkkaValue = Akka.Configuration.Hocon.HoconValue;

namespace AkkaLb.Hocon.Tests;

/// <summary>Laws that hold for every configuration, tried on generated ones. A tree is a string, a list or a dictionary.</summary>
[Properties(MaxTest = 500, Replay = "2024,11", Arbitrary = [typeof(HoconPropertyTests)])]
public class HoconPropertyTests
{
    private static readonly string[] Keys = ["a", "b", "c d", "e.f", "include", "1", ""];
    private static readonly string[] Words = ["", " ", "null", "true", "1.50", "a b ", "http://x", "# no", "${a}", "\"", "\\", "\n",
        "é\u0001", "+="];

    [Property]
    public bool Parse_Json_GivesTheSameTree(object tree) => Same(Plain(Parse(tree).Root), tree);

    [Property]
    public bool ToString_ReadAgain_GivesTheSameTree(object tree) => Same(Plain(Config.Parse(Parse(tree).ToString()).Root), tree);

    /// <summary>Whatever a user writes, an actor system's own parser reads what we hand it and means the same.</summary>
    [Property]
    public bool ToString_ReadByAkka_GivesTheSameTree(object tree) =>
        SameAsAkka(Parse(tree).Root, AkkaConfig.ParseString($"x {Parse(tree).Root}").GetValue("x"));

    [Property]
    public bool WithFallback_IsAssociative(object x, object y, object z)
    {
        Config left = Parse(x).WithFallback(Parse(y)).WithFallback(Parse(z));
        Config right = Parse(x).WithFallback(Parse(y).WithFallback(Parse(z)));
        return Same(Plain(left.Root), Plain(right.Root));
    }

    [Property]
    public bool WithFallback_MeansTheSameAsOneDocumentAfterTheOther(object x, object y) =>
        Same(Plain(Parse(x).WithFallback(Parse(y)).Root), Plain(Config.Parse($"{Fields(y)}\n{Fields(x)}").Root));

    [Property(MaxTest = 3000)]
    public bool Parse_AnyText_GivesAConfigurationOrOneLineOfError(string text)
    {
        try
        {
            return Config.Parse(text).Root.IsObject();
        }
        catch (HoconException e)
        {
            return e.Message.StartsWith("line ", StringComparison.Ordinal) && !e.Message.Contains('\n');
        }
    }

    public static Arbitrary<object> Objects() => ObjectOf(3).ToArbitrary();

    public static Arbitrary<string> Texts() =>
        Gen.Elements(
            "a", "b", ".", "=", ":", "{", "}", "[", "]", ",", "\n", " ", "\"", "\"\"\"", "${", "${?", "+=", "#", "//", "1", "\\",
            "include ", "null")
            .ListOf().Resize(20).Select(string.Concat).ToArbitrary();

    private static bool SameAsAkka(HoconValue ours, AkkaValue akka)
    {
        if (ours.IsObject())
        {
            Dictionary<string, HoconValue> items = ours.GetObject().Items;
            return items.Count == 0
                ? akka.IsEmpty || akka.GetObject().Items.Count == 0
                : akka.GetObject().Items.Count == items.Count && items.All(i => SameAsAkka(i.Value, akka.GetObject().Items[i.Key]));
        }
        if (ours.IsArray())
        {
            IReadOnlyList<HoconValue> items = ours.GetArray();
            return items.Count == 0
                ? !akka.Values.Any(v => v.IsString())
                : akka.GetArray().Count == items.Count && items.Zip(akka.GetArray()).All(pair => SameAsAkka(pair.First, pair.Second));
        }
        // Akka.NET takes blanks off the ends of every text, and "null" for nothing.
        return (ours.GetString() is { } text && text != "null" ? text.Trim() : "") == (akka.GetString() ?? "").Trim();
    }

    /// <summary>Dictionaries, lists and strings.</summary>
    private static object? Plain(HoconValue value) =>
        value.IsObject() ? value.GetObject().Items.ToDictionary(i => i.Key, i => Plain(i.Value)!)
        : value.IsArray() ? value.GetArray().Select(i => Plain(i)!).ToList()
        : value.GetString();

    private static Config Parse(object tree) => Config.Parse(JsonSerializer.Serialize(tree));

    private static string Fields(object tree) => JsonSerializer.Serialize(tree)[1..^1];

    private static bool Same(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => x == y,
        (IDictionary<string, object> x, IDictionary<string, object> y) =>
            x.Count == y.Count && x.All(item => y.TryGetValue(item.Key, out object? other) && Same(item.Value, other)),
        (IList<object> x, IList<object> y) => x.Count == y.Count && x.Zip(y).All(pair => Same(pair.First, pair.Second)),
        _ => false,
    };

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
}
