using AkkaLb.Domain;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Configuration;

/// <summary>
/// The keys of a configuration with their defaults, where some sections stand under names that the user gives: such a section is written
/// once, under the key <c>*</c>. Checks what a user has written against it, and completes it.
/// </summary>
/// <param name="template">The section that holds all keys.</param>
/// <param name="section">Its path, such as <c>akkalb.proxy</c>.</param>
public sealed class SectionTemplate(HoconValue template, string section)
{
    private const string AnyName = "*";

    /// <summary>All keys with their values, and nothing else: every named section complete.</summary>
    /// <param name="written">What the user wrote; it may hold sections beside this one.</param>
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidInputException">A key is unknown, or a value stands where a section is expected or the reverse.</exception>
    public Config Complete(Config written, string source)
    {
        HoconValue? own = Value(written, source);
        string text = Merge(own, template, section, source);
        return ConfigurationLoader.Parse($"{section} {text}", source);
    }

    private HoconValue? Value(Config written, string source)
    {
        try
        {
            return written.GetValue(section);
        }
        catch (HoconException e)
        {
            throw new InvalidInputException($"{source}: {e.Message}", e);
        }
    }

    private static string Merge(HoconValue? value, HoconValue reference, string path, string source)
    {
        if (!reference.IsObject())
        {
            return value is null ? HoconWriter.Write(reference)
                : value.IsObject() ? throw new InvalidInputException($"{value.Source ?? source}: '{path}' is a value, found a section")
                : HoconWriter.Write(value);
        }
        Dictionary<string, HoconValue> known = reference.GetObject().Items;
        if (value is { } found && !found.IsObject())
        {
            throw new InvalidInputException(
                $"{found.Source ?? source}: '{path}' is a section, found a value; expected "
                + (known.ContainsKey(AnyName) ? "names, each with a section" : $"keys {string.Join(", ", known.Keys)}"));
        }
        Dictionary<string, HoconValue> written = value?.GetObject().Items ?? [];
        List<string> fields = [];
        if (known.TryGetValue(AnyName, out HoconValue? named))
        {
            fields.AddRange(written.Select(item => Field(item.Key, item.Value, named)));
        }
        else
        {
            foreach ((string key, HoconValue unknown) in written.Where(item => !known.ContainsKey(item.Key)))
            {
                throw UnknownKey.Of(unknown.Source ?? source, path, key, known.Keys);
            }
            fields.AddRange(known.Select(item => Field(item.Key, written.GetValueOrDefault(item.Key), item.Value)));
        }
        return $"{{{string.Join(", ", fields)}}}";

        string Field(string key, HoconValue? own, HoconValue below) =>
            $"{HoconWriter.Key(key)} : {Merge(own, below, $"{path}.{HoconWriter.Key(key)}", source)}";
    }
}
