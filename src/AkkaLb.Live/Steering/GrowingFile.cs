using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AkkaLb.Live.Steering;

/// <summary>
/// Reads the lines that another process appends to a file; from its end at the first look, and from its start when it is another one.
/// </summary>
/// <remarks>
/// The file is held open: so one that is rotated away is read to its end, and the next is known from it however long it already is.
/// </remarks>
internal sealed class GrowingFile(string path) : IDisposable
{
    private readonly StringBuilder _rest = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private SafeFileHandle? _file;
    private long _position;

    /// <summary>Whole lines that came since the last call.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellation)
    {
        if (_file is null)
        {
            _file = Open();
            _position = RandomAccess.GetLength(_file);
            return [];
        }
        SafeFileHandle other = Open();
        try
        {
            // While the next one is empty, the writer has not turned to it yet.
            bool isNext = Identity(other) != Identity(_file) && RandomAccess.GetLength(other) > 0;
            List<string> lines = [];
            await ReadToEndAsync(_file, lines, cancellation);
            if (isNext)
            {
                (_file, other) = (other, _file);
                Restart();
                await ReadToEndAsync(_file, lines, cancellation);
            }
            return lines;
        }
        finally
        {
            other.Dispose();
        }
    }

    public void Dispose() => _file?.Dispose();

    private SafeFileHandle Open() => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private async Task ReadToEndAsync(SafeFileHandle file, List<string> lines, CancellationToken cancellation)
    {
        if (RandomAccess.GetLength(file) < _position)
        {
            // It was cut.
            Restart();
        }
        int count;
        while ((count = await RandomAccess.ReadAsync(file, _buffer, _position, cancellation)) > 0)
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
    }

    private void Restart()
    {
        _position = 0;
        _rest.Clear();
    }

    /// <summary>
    /// Tells two files apart that are open. Linux names the place where an open file is now, or that it is deleted; elsewhere, unlike
    /// there, all file systems know when a file was made.
    /// </summary>
    private static string? Identity(SafeFileHandle file) => OperatingSystem.IsLinux()
        ? new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget
        : File.GetCreationTimeUtc(file).Ticks.ToString(CultureInfo.InvariantCulture);
}
