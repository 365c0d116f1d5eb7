using System.Text;

namespace AkkaLb.Live.Steering;

/// <summary>
/// Reads the lines that another process appends to a file; from its end at the first look, and from its start when it is another one.
/// </summary>
internal sealed class GrowingFile(string path)
{
    private readonly StringBuilder _rest = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _position = -1;

    /// <summary>Whole lines that came since the last call.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellation)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (_position < 0)
        {
            _position = file.Length;
        }
        if (file.Length < _position)
        {
            // It was rotated or cut.
            _position = 0;
            _rest.Clear();
        }
        file.Position = _position;
        List<string> lines = [];
        int count;
        while ((count = await file.ReadAsync(_buffer, cancellation)) > 0)
        {
            _position += count;
            _rest.Append(Encoding.ASCII.GetString(_buffer, 0, count));
            string text = _rest.ToString();
            int end = text.LastIndexOf('\n');
            if (end >= 0)
            {
                lines.AddRange(text[..end].Split('\n'));
                _rest.Clear().Append(text.AsSpan(end + 1));
            }
        }
        return lines;
    }
}
