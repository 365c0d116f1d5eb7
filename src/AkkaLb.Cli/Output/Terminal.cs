using System.Globalization;
using AkkaLb.Runtime.Experiments.Network;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>Consoles for stdout and stderr that use colour and cursor movement on terminals only, and shared wording.</summary>
internal static class Terminal
{
    /// <summary>Makes the cursor visible, which a live display hides.</summary>
    public const string ShowCursor = "\e[?25h";

    // Wide enough that no table wraps when its reader is a program.
    private const int WidthWithoutTerminal = 160;

    public static IAnsiConsole ForResult(CommandHost host) => Create(host.Out, host.OutIsTerminal, host);

    public static IAnsiConsole ForProgress(CommandHost host) => Create(host.Error, host.ErrorIsTerminal, host);

    /// <summary>A table without lines but one under its header; the same to a terminal and to a file.</summary>
    public static Table Table(params (string Header, Justify Align)[] columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach ((string header, Justify align) in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(header)) { Alignment = align, NoWrap = true });
        }
        return table;
    }

    /// <summary>Adds a row of what its cells say; Spectre.Console's own takes the brackets of an address ([::1]) for a style.</summary>
    public static void AddCells(this Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    public static string OneLine(string message) =>
        Printable(string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));

    /// <summary>Text of a file without what would steer a terminal: control characters become �.</summary>
    public static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;

    /// <summary>A dimensionless figure or a load with five significant digits.</summary>
    public static string Figure(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    public static string Figure(double? value) => value is { } v ? Figure(v) : "–";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Flows(RunTraffic traffic) =>
        Count(traffic.Flows, "flow") + (traffic.Unroutable == 0 ? "" : $", {traffic.Unroutable} of them without a path");

    /// <param name="what">One of what is counted, a word whose plural ends in s.</param>
    public static string Count(long value, string what) => $"{Count(value)} {what}{(value == 1 ? "" : "s")}";

    /// <summary>As it was asked for, without separators.</summary>
    /// <inheritdoc cref="Count(long,string)"/>
    public static string Plain(long value, string what) => $"{value} {what}{(value == 1 ? "" : "s")}";

    public static string Megabits(double bitsPerSecond) => (bitsPerSecond / 1e6).ToString("0.000", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>How much lower <paramref name="value"/> is than <paramref name="reference"/>, in words.</summary>
    public static string Against(double? reference, double? value) => value is not { } v || reference is not { } r || r == 0
        ? "–"
        : Math.Abs(v - r) / r < 0.0005
            ? "equal"
            : $"{Percent(Math.Abs(v - r) / r)} {(v < r ? "lower" : "higher")}";

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds:00} s",
        _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
    };

    /// <summary>The text as one word of a POSIX shell, so that a suggested command can be copied.</summary>
    public static string ShellWord(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+=:,@%".Contains(c, StringComparison.Ordinal)) && text.Length > 0
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static IAnsiConsole Create(TextWriter writer, bool terminal, CommandHost host)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal && host.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (host.Width is not null || !terminal)
        {
            console.Profile.Width = host.Width ?? WidthWithoutTerminal;
        }
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
