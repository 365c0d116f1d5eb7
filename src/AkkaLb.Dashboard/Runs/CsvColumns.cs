using System.Text;
using AkkaLb.Domain;
using CsvHelper;

namespace AkkaLb.Dashboard.Runs;

/// <summary>A table of numbers and names that grows while it is read: what is new since the last look is read, and no more.</summary>
/// <remarks>Only whole lines count. A file that has become shorter was begun anew.</remarks>
internal sealed class CsvColumns(string path)
{
    private readonly List<List<string>> _rows = [];
    private string[] _names = [];
    private string _header = "";
    private long _read;

    public IReadOnlyList<string> Names => _names;

    public int Count => _rows.Count;

    /// <summary>The text of a row's field.</summary>
    public string this[int row, int column] => _rows[row][column];

    /// <returns>Whether anything has changed.</returns>
    /// <exception cref="InvalidInputException">It is no such table.</exception>
    public bool Refresh()
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            bool anew = file.Length < _read;
            if (anew)
            {
                _rows.Clear();
                (_header, _read) = ("", 0);
            }
            string text = ReadNew(file);
            if (text.Length == 0)
            {
                return anew;
            }
            Add(text);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {e.Message}", e);
        }
        catch (CsvFormatException e)
        {
            throw new InvalidInputException($"{path}: expected rows of comma-separated values after line {_rows.Count + 1}", e);
        }
    }

    /// <summary>Place of a column; −1: there is none.</summary>
    public int Find(string name) => Array.IndexOf(_names, name);

    /// <summary>Numbers of a column; NaN where a field is none.</summary>
    public double[] Numbers(string name)
    {
        int column = Find(name);
        return column < 0 ? [] : [.. _rows.Select(row => Number(row[column]))];
    }

    public double Number(int row, string name) => Find(name) is >= 0 and var column ? Number(_rows[row][column]) : double.NaN;

    private static double Number(string text) =>
        double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    /// <summary>Whole lines that have come since.</summary>
    private string ReadNew(FileStream file)
    {
        file.Seek(_read, SeekOrigin.Begin);
        byte[] bytes = new byte[file.Length - _read];
        int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int end = bytes.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
        _read += end;
        return Encoding.UTF8.GetString(bytes, 0, end);
    }

    private void Add(string text)
    {
        if (_header.Length == 0)
        {
            int end = text.IndexOf('\n') + 1;
            (_header, text) = (text[..end], text[end..]);
            _names = _header.TrimEnd('\r', '\n').Split(',');
        }
        using CsvReader csv = CsvReader.FromText(_header + text, new CsvReaderOptions { Separator = ',' });
        csv.ReadHeader();
        while (csv.Read())
        {
            List<string> row = new(_names.Length);
            for (int column = 0; column < _names.Length; column++)
            {
                row.Add(csv.GetString(column));
            }
            _rows.Add(row);
        }
    }
}
