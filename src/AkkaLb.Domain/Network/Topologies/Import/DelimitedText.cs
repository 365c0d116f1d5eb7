using System.Text;

namespace AkkaLb.Domain.Network;

/// <summary>
/// A table with a header: fields apart by comma, semicolon or tab, whichever the header has first; quotes as in RFC 4180.
/// </summary>
internal sealed class DelimitedText
{
    private const int MostHeader = 4096;

    private readonly string _fileName;
    private readonly char _separator;
    private readonly int _headerLine;

    private DelimitedText(string fileName, char separator, int headerLine, IReadOnlyList<string> header, IReadOnlyList<DelimitedRow> rows)
    {
        (_fileName, _separator, _headerLine, Header, Rows) = (fileName, separator, headerLine, header, rows);
    }

    /// <summary>In lower case.</summary>
    public IReadOnlyList<string> Header { get; }

    public IReadOnlyList<DelimitedRow> Rows { get; }

    /// <summary>The fields of the first line that is neither empty nor a comment, in lower case; empty if there is none.</summary>
    public static IReadOnlyList<string> HeaderOf(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace() && line[0] != '#')
            {
                return line.Length > MostHeader ? [] : HeaderFields(line.ToString(), SeparatorOf(line));
            }
        }

        return [];
    }

    /// <exception cref="InvalidInputException">A row has other fields than the header, or a quote that is never closed.</exception>
    public static DelimitedText Read(string text, string fileName)
    {
        char separator = ',';
        IReadOnlyList<string>? header = null;
        var rows = new List<DelimitedRow>();
        int number = 0, headerLine = 1;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace() || line[0] == '#')
            {
                continue;
            }

            if (header is null)
            {
                separator = SeparatorOf(line);
                (header, headerLine) = (HeaderFields(line.ToString(), separator), number);
                continue;
            }

            List<string> fields = Split(line, separator)
                ?? throw new InvalidInputException($"{fileName}, line {number}: a quote is opened here and not closed");
            rows.Add(fields.Count == header.Count
                ? new DelimitedRow(number, fields)
                : throw new InvalidInputException(
                    $"{fileName}, line {number}: found {fields.Count} fields, expected {header.Count}: {string.Join(separator, header)}"));
        }

        return new DelimitedText(fileName, separator, headerLine, header ?? [], rows);
    }

    /// <returns>The position of the first of these columns that is there; −1 where none is.</returns>
    public int Column(params string[] names) =>
        names.Select(name => Header.ToList().IndexOf(name)).FirstOrDefault(column => column >= 0, -1);

    /// <exception cref="InvalidInputException">None of these columns is there.</exception>
    public int Required(params string[] names) => Column(names) is >= 0 and var column
        ? column
        : throw new InvalidInputException(
            $"{_fileName}, line {_headerLine}: expected a column {string.Join(" or ", names)}, found {string.Join(_separator, Header)}");

    /// <summary>The names of all columns but these.</summary>
    public string NamesExcept(params int[] columns) => string.Join(", ", Header.Where((_, column) => !columns.Contains(column)));

    private static string[] HeaderFields(string line, char separator) =>
        [.. (Split(line, separator) ?? []).Select(field => field.Trim().ToLowerInvariant())];

    private static char SeparatorOf(ReadOnlySpan<char> line) => line.IndexOfAny(',', ';', '\t') is >= 0 and var at ? line[at] : ',';

    /// <summary>Spaces around a field are not of it, those within its quotes are.</summary>
    private static List<string>? Split(ReadOnlySpan<char> line, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool within = false;
        int quoted = 0;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (within && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[++i]);
            }
            else if (within && c == '"')
            {
                (within, quoted) = (false, field.Length);
            }
            else if (c == '"' && IsBlank(field))
            {
                within = true;
                field.Clear();
            }
            else if (c == separator && !within)
            {
                fields.Add(Trimmed());
                field.Clear();
                quoted = 0;
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(Trimmed());
        return within ? null : fields;

        string Trimmed() => quoted == 0
            ? field.ToString().Trim()
            : field.ToString(0, quoted) + field.ToString(quoted, field.Length - quoted).TrimEnd();
    }

    private static bool IsBlank(StringBuilder field)
    {
        for (int i = 0; i < field.Length; i++)
        {
            if (!char.IsWhiteSpace(field[i]))
            {
                return false;
            }
        }

        return true;
    }
}

/// <param name="Line">Counted from 1.</param>
internal sealed record DelimitedRow(int Line, IReadOnlyList<string> Fields);
