using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AkkaLb.Domain.Network;

/// <summary>A two-dimensional array of numbers as <c>numpy.save</c> writes it (NEP 1), little-endian.</summary>
internal sealed partial class NumPyArray
{
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    private readonly double[] _values;
    private readonly bool _byColumns;

    private NumPyArray(int rows, int columns, bool byColumns, double[] values) =>
        (Rows, Columns, _byColumns, _values) = (rows, columns, byColumns, values);

    public int Rows { get; }

    public int Columns { get; }

    public double this[int row, int column] => _values[_byColumns ? column * Rows + row : row * Columns + column];

    public static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <exception cref="InvalidInputException">Another type or shape, or cut short.</exception>
    public static NumPyArray Read(ReadOnlySpan<byte> bytes, string fileName)
    {
        InvalidInputException Error(string expected) => new($"{fileName}: NumPy array: expected {expected}");
        const int versionEnd = 8;
        int length = bytes.Length < 12 ? -1 : bytes[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[versionEnd..])
            : (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(bytes[versionEnd..]));
        int start = versionEnd + (bytes.Length > 6 && bytes[6] == 1 ? 2 : 4);
        if (length < 0 || length > bytes.Length - start)
        {
            throw Error("a whole header");
        }

        string header = Encoding.Latin1.GetString(bytes.Slice(start, length));
        string type = Type().Match(header).Groups[1].Value;
        Match shape = Shape().Match(header);
        if (!shape.Success
            || !int.TryParse(shape.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
            || !int.TryParse(shape.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int columns))
        {
            throw Error("the shape (nodes, nodes)");
        }

        int size = type switch
        {
            "<f8" or "<i8" => 8,
            "<f4" or "<i4" => 4,
            _ => throw Error($"numbers of type <f8, <f4, <i8 or <i4, found '{type}'"),
        };
        ReadOnlySpan<byte> data = bytes[(start + length)..];
        if ((long)rows * columns * size is var needed && data.Length != needed)
        {
            throw Error($"{needed} bytes of numbers, found {data.Length}");
        }

        var values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> number = data[(i * size)..];
            values[i] = type switch
            {
                "<f8" => BinaryPrimitives.ReadDoubleLittleEndian(number),
                "<f4" => BinaryPrimitives.ReadSingleLittleEndian(number),
                "<i8" => BinaryPrimitives.ReadInt64LittleEndian(number),
                _ => BinaryPrimitives.ReadInt32LittleEndian(number),
            };
        }

        return new NumPyArray(rows, columns, ByColumns().IsMatch(header), values);
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,8})'")]
    private static partial Regex Type();

    [GeneratedRegex(@"'shape'\s*:\s*\(\s*(\d{1,9})\s*,\s*(\d{1,9})\s*,?\s*\)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"'fortran_order'\s*:\s*True")]
    private static partial Regex ByColumns();
}
