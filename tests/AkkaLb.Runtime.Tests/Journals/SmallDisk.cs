using System.Diagnostics;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>A small file system in memory over a folder, whose files move into it; the test is skipped where it cannot be had.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    /// <param name="room">Bytes beyond those that the folder's files take.</param>
    public SmallDisk(string folder, long room)
    {
        _folder = folder;
        Dictionary<string, byte[]> files = Directory.GetFiles(folder).ToDictionary(f => f, File.ReadAllBytes);
        long size = files.Values.Sum(f => (f.LongLength + 4095) / 4096 * 4096) + room;
        Skip.IfNot(
            OperatingSystem.IsLinux() && Start("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder),
            "mounting a file system needs Linux and the rights of root");
        foreach ((string file, byte[] content) in files)
        {
            File.WriteAllBytes(file, content);
        }
    }

    /// <param name="options">Such as <c>size=4m</c>, <c>ro</c>.</param>
    public void Remount(string options) => Start("mount", "-o", $"remount,{options}", _folder).ShouldBeTrue();

    public void Dispose() => Start("umount", "--lazy", _folder);

    private static bool Start(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
