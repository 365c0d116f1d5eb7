using System.CommandLine;
using System.CommandLine.Parsing;

namespace AkkaLb.Cli.Commands;

/// <summary>Words what System.CommandLine could not parse as one line, with the nearest name there is.</summary>
internal static class ParseErrors
{
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = $"see '{Path(parsed)} --help'";
        if (parsed.UnmatchedTokens.FirstOrDefault() is { } unknown)
        {
            bool isOption = unknown.StartsWith('-');
            IEnumerable<string> names = isOption ? Options(parsed) : command.Subcommands.Select(c => c.Name);
            string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            string suggestion = Nearest(unknown, names) is { } nearest ? $"did you mean '{nearest}'? " : "";
            return $"unknown {kind} '{unknown}'; {suggestion}{help}";
        }
        string messages = string.Join(" ", parsed.Errors.Select(e => e.Message).Distinct());
        return $"{messages.TrimEnd('.')}; {help}";
    }

    /// <summary>Which argument or option was given an empty text, as an unset variable of a shell does; null: none.</summary>
    public static string? Empty(ParseResult parsed) => parsed.CommandResult.Children
        .Where(child => child.Tokens.Any(token => token.Value.Length == 0))
        .Select(child => (child as OptionResult)?.Option.Name ?? ((ArgumentResult)child).Argument.Name)
        .Select(name => $"{name}: expected a value, found nothing")
        .FirstOrDefault();

    /// <summary>The name at the smallest edit distance, if close enough to be a slip of the fingers.</summary>
    internal static string? Nearest(string word, IEnumerable<string> names) => names
        .Select(name => (name, distance: Distance(word, name)))
        .Where(n => n.distance <= Math.Max(1, n.name.TrimStart('-').Length / 2))
        .OrderBy(n => n.distance)
        .Select(n => n.name)
        .FirstOrDefault();

    /// <summary>Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }
        return d[a.Length, b.Length];
    }

    private static IEnumerable<string> Options(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        return command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(o => o.Recursive)).Select(o => o.Name);
    }

    private static string Path(ParseResult parsed)
    {
        List<string> names = [];
        for (Symbol? symbol = parsed.CommandResult.Command; symbol is Command and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
        {
            names.Add(symbol.Name);
        }
        names.Add("akkalb");
        names.Reverse();
        return string.Join(' ', names);
    }
}
