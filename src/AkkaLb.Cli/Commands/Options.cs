using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace AkkaLb.Cli.Commands;

/// <summary>Options that several commands share, and typed options whose errors say what was expected.</summary>
internal static class Options
{
    public static Option<bool> Json(string document) =>
        new("--json") { Description = $"Print one JSON document on stdout instead of tables: {document}" };

    /// <summary>KEY=VALUE pairs.</summary>
    public static Option<string[]> Set(string description)
    {
        Option<string[]> set = new("--set") { Description = description, HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
        set.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(t => t.Value).Where(t => t.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--set: expected KEY=VALUE, found '{text}'");
            }
        });
        return set;
    }

    public static Option<bool> Force() => new("--force") { Description = "Replace the output file if it exists" };

    public static Option<ulong?> Seed(string description) => new("--seed")
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<ulong>(
            result,
            text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong v) ? v : null,
            $"a whole number from 0 to {ulong.MaxValue}"),
    };

    public static Option<int> Whole(
        string name, string helpName, string description, int minimum, int fallback, int maximum = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => fallback,
        CustomParser = result => Parse<int>(
            result, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int v)
                && v >= minimum && v <= maximum ? v : null,
            WholeFrom(minimum, maximum, result)) ?? fallback,
    };

    /// <summary>A whole number that need not be given.</summary>
    public static Option<int?> WholeOrNone(
        string name, string helpName, string description, int minimum, int maximum = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Parse<int>(
            result, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int v)
                && v >= minimum && v <= maximum ? v : null,
            WholeFrom(minimum, maximum, result)),
    };

    /// <summary>A number in a closed interval that need not be given.</summary>
    public static Option<double?> Number(string name, string helpName, string description, double low, double high) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Parse<double>(
            result,
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && v >= low && v <= high ? v
                : null,
            string.Create(CultureInfo.InvariantCulture, $"a number from {low} to {high}")),
    };

    /// <summary>A number of seconds that need not be given.</summary>
    public static Option<double?> Seconds(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result => Parse<double>(
            result,
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && v is >= 0.001 and < 1e6
                ? v
                : null,
            "seconds, a number from 0.001 to below 1000000"),
    };

    /// <summary>Refuses options that another one makes meaningless, rather than ignore them.</summary>
    /// <param name="choice">Decides whether they count.</param>
    /// <param name="isWord">Whether they count with the word, or without it.</param>
    public static void OnlyWith(Command command, Option<string> choice, bool isWord, string[] words, params Option[] options) =>
        command.Validators.Add(result =>
        {
            if ((result.GetResult(choice)?.Tokens is [{ Value: var chosen }] && words.Contains(chosen)) == isWord)
            {
                return;
            }
            foreach (Option option in options.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError($"{option.Name}: counts {(isWord ? "with" : "without")} {choice.Name} {string.Join(" or ", words)} only");
            }
        });

    /// <summary>Refuses options that mean nothing without another one, rather than ignore them.</summary>
    public static void OnlyWith(Command command, Option other, params Option[] options) => command.Validators.Add(result =>
    {
        foreach (Option option in options.Where(option =>
            result.GetResult(option) is { Implicit: false } && result.GetResult(other) is null or { Implicit: true }))
        {
            result.AddError($"{option.Name}: counts with {other.Name} only");
        }
    });

    /// <summary>A time in milliseconds on the clock of the flows file.</summary>
    public static Option<long> At() => new("--at")
    {
        Description = "Time in the flows file, in milliseconds: flows active then count",
        HelpName = "MS",
        DefaultValueFactory = _ => 0,
        CustomParser = result => Parse<long>(
            result,
            text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long v) ? v : null,
            "milliseconds, a whole number from 0") ?? 0,
    };

    /// <summary>A number in an open interval.</summary>
    public static Option<double> Between(string name, string helpName, string description, double low, double high, double fallback) =>
        new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => fallback,
        CustomParser = result => Parse<double>(
            result,
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && v > low && v < high ? v : null,
            string.Create(CultureInfo.InvariantCulture, $"a number between {low} and {high}")) ?? fallback,
    };

    /// <summary>A number in a closed interval.</summary>
    public static Option<double> From(string name, string helpName, string description, double low, double high, double fallback) =>
        new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => fallback,
        CustomParser = result => Parse<double>(
            result,
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && v >= low && v <= high
                ? v
                : null,
            string.Create(CultureInfo.InvariantCulture, $"a number from {low} to {high}")) ?? fallback,
    };

    /// <summary>One of a few words; the first is the default.</summary>
    public static Option<string> Word(string name, string description, params string[] words)
    {
        Option<string> option = new(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var word }] && !words.Contains(word))
            {
                result.AddError($"{name}: expected {string.Join(" or ", words)}, found '{word}'");
            }
        });
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>One of a few words, or none.</summary>
    public static Option<string?> WordOrNone(string name, string description, params string[] words)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var word }] && !words.Contains(word))
            {
                result.AddError($"{name}: expected {string.Join(" or ", words)}, found '{word}'");
            }
        });
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>The largest one there is goes without saying, until somebody asks for more.</summary>
    private static string WholeFrom(int minimum, int maximum, ArgumentResult result) =>
        maximum < int.MaxValue || (result.Tokens is [{ Value: var text }] && text.Length > 0 && text.All(char.IsAsciiDigit)
            && text.TrimStart('0').Length > 9)
            ? $"a whole number from {minimum} to {maximum}"
            : $"a whole number from {minimum}";

    private static T? Parse<T>(ArgumentResult result, Func<string, T?> parse, string expected)
        where T : struct
    {
        string text = result.Tokens[0].Value;
        T? value = parse(text);
        if (value is null)
        {
            string name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
            result.AddError($"{name}: expected {expected}, found '{text}'");
        }
        return value;
    }
}
