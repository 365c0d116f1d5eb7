using AkkaLb.Domain;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Configuration;

/// <summary>Whether a file is for the command that it was given to. All has defaults, so that another file would run as nothing.</summary>
public static class SectionCheck
{
    /// <param name="written">The file and what was said on the command line, without defaults.</param>
    /// <param name="source">Named in errors.</param>
    /// <param name="section">What the command reads, such as <c>akkalb.proxy</c>.</param>
    /// <exception cref="InvalidInputException">Nothing of the section was written.</exception>
    public static void Require(Config written, string source, string section)
    {
        if (written.GetValue(section) is not null)
        {
            return;
        }
        string found = UnknownKey.TellingFirst(Keys(written)).FirstOrDefault(key => UnknownKey.CommandOf(key) is not null) is { } other
            ? $"akkalb.{other}, which is for '{UnknownKey.CommandOf(other)}'"
            : "nothing of it";
        throw new InvalidInputException($"{source}: expected a section {section}, found {found}");
    }

    /// <summary>A node's file has no experiment in it, though every key of nodes may stand beside one.</summary>
    /// <exception cref="InvalidInputException">There is nothing but <c>akkalb.node</c>.</exception>
    internal static void RefuseNode(Config written, string source)
    {
        if (Keys(written) is ["node"])
        {
            throw new InvalidInputException($"{source}: expected an experiment, found akkalb.node alone, which is for 'akkalb node'");
        }
    }

    private static List<string> Keys(Config written) =>
        written.GetValue(ConfigurationLoader.Section) is { } section && section.IsObject() ? [.. section.GetObject().Items.Keys] : [];
}
