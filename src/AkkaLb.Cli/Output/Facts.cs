using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>What is said below a table: a word and what it is, line by line.</summary>
internal static class Facts
{
    /// <summary>Two columns without lines: what, and a text that is broken between words where the terminal is narrow.</summary>
    public static Grid Begin() => new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn());

    /// <param name="facts">That it is added to.</param>
    /// <param name="key">What it is; empty: the same as above.</param>
    /// <param name="value">Null: nothing is said of it.</param>
    public static void Fact(this Grid facts, string key, string? value)
    {
        if (value is not null)
        {
            facts.AddRow(new Text(key), new Text(value));
        }
    }

    /// <summary>Those files that are in a folder.</summary>
    public static void Files(this Grid facts, string folder, IEnumerable<(string Name, string Content)> files)
    {
        foreach ((string file, string content) in files.Where(f => Path.Exists(Path.Combine(folder, f.Name))))
        {
            facts.Fact("", $"{file,-16} {content}");
        }
    }
}
