using System.Globalization;
using System.Text;
using AkkaLb.Domain;
using CsvHelper;

namespace AkkaLb.Dashboard.Runs;

/// <summary>A table of numbers and names that grows while it is read: what is new since the last look is read, and no more.</summary>
/// <remarks>
/// Rows are lines, and only whole lines count. A file that has become shorter was begun anew. A damaged line is where reading ends: it is
/// looked at again, and reported again, until it is mended.
/// </remarks>
internal sealed class CsvColumns(string path)
{
    private static readonly CsvReaderOptions Row = new() { HasHeader = false, MalformedData = CsvMalformedDataHandling.Throw };

    private readonly List<string[]> _rows = [];
    private string[] _names = [];
    private long _read;

    public IReadOnlyList<string> Names => _names;

    public int Count => _rows.Count;

    /// <summary>Whether the file ended within a line at the last look, as one does that is being written.</summary>
    public bool EndsWithinALine { get; private set; }

    /// <summary>The text of a row's field.</summary>
    public string this[int row, int column] => _rows[row][column];

    /// <returns>Whether anything has changed.</returns>
    /// <exception cref="InvalidInputException">It cannot be read, or a line of it is no row.</exception>
    public bool Refresh()
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            bool anew = file.Length < _read;
            if (anew)
            {
                _rows.Clear();
                (_names, _read) = ([], 0);
            }
            file.Seek(_read, SeekOrigin.Begin);
            byte[] bytes = new byte[file.Length - _read];
            return Add(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false))) || anew;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Place of a column; −1: there is none.</summary>
    public int Find(string name) => Array.IndexOf(_names, name);

    /// <summary>Place of a column that has to be there.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public int Place(string name) => Find(name) is >= 0 and var column ? column : throw Damaged(1, $"a column '{name}'");

    /// <summary>Numbers of a column; NaN where a field is empty.</summary>
    /// <exception cref="InvalidInputException">A field is no number.</exception>
    public double[] Numbers(string name)
    {
        int column = Find(name);
        return column < 0 ? [] : [.. Enumerable.Range(0, _rows.Count).Select(row => Number(row, column))];
    }

    /// <inheritdoc cref="Numbers"/>
    public double Number(int row, string name) => Find(name) is >= 0 and var column ? Number(row, column) : double.NaN;

    private double Number(int row, int column)
    {
        string text = _rows[row][column];
        return text.Length == 0 ? double.NaN
            : double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value
            : throw Damaged(row + 2, $"a number in column '{_names[column]}', found '{text}'");
    }

    private bool Add(ReadOnlySpan<byte> bytes)
    {
        bool any = false;
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Take(Encoding.UTF8.GetString(bytes[..end]).TrimEnd('\r'));
            (_read, any) = (_read + end + 1, true);
        }
        EndsWithinALine = bytes.Length > 0;
        return any;
    }

    private void Take(string line)
    {
        int number = _names.Length == 0 ? 1 : _rows.Count + 2;
        string[] fields = Fields(line) ?? throw Damaged(number, "comma-separated values, with quotes that are closed");
        if (_names.Length == 0)
        {
            _names = fields;
            return;
        }
        _rows.Add(fields.Length == _names.Length ? fields : throw Damaged(
            number, $"{_names.Length} fields, as many as the first line has, found {fields.Length}"));
    }

    private InvalidInputException Damaged(int line, string expected) => new($"{path}: line {line}: expected {expected}");

    /// <returns>Null where a quote stands within a field, or is not closed.</returns>
    private static string[]? Fields(string line)
    {
        if (!line.Contains('"'))
        {
            return line.Split(',');
        }
        try
        {
            using CsvReader csv = CsvReader.FromText(line, Row);
            return csv.Read() ? [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)] : null;
        }
        catch (CsvFormatException)
        {
            return null;
        }
    }
}
