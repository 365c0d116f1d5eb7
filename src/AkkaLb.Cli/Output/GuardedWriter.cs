using System.Text;

namespace AkkaLb.Cli.Output;

/// <summary>A stream of this process that may not take what is written, as a full disk or a closed one does not.</summary>
/// <param name="failed">Is told why.</param>
internal sealed class GuardedWriter(TextWriter inner, Action<Exception> failed) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Results: the error says that it was they.</summary>
    public static GuardedWriter OfResults(TextWriter inner) => new(
        inner, e => throw new IOException($"standard output: expected one that can be written: {e.Message}", e));

    /// <summary>Progress and errors, where somebody can take them: losing them ends neither a run nor a command that failed.</summary>
    public static GuardedWriter OfMessages(TextWriter inner) => new(inner, _ => { });

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            failed(e);
        }
    }
}
