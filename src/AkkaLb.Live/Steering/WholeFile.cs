namespace AkkaLb.Live.Steering;

/// <summary>Files that others read at any moment: they see the old one or the new one.</summary>
internal static class WholeFile
{
    public static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        string fresh = path + ".new";
        await File.WriteAllTextAsync(fresh, text, cancellation);
        File.Move(fresh, path, overwrite: true);
    }
}
