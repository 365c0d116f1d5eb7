using System.Diagnostics;
using AkkaLb.Live.Testbed;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Live.Tests.Testbed;

public sealed class ChildProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<bool> Never { get; } = new TaskCompletionSource<bool>().Task;

    [SkippableFact]
    public async Task Until_ProcessEnds_FailsWithItsLastWords()
    {
        Skip.If(OperatingSystem.IsWindows(), "the child is a shell");
        await using ChildProcess child = new("sh", ["-c", "echo starting >&2; echo no such port >&2; exit 3"], _folder["log"]);

        RunFailedException failed = await Should.ThrowAsync<RunFailedException>(
            child.UntilAsync(Never, TimeSpan.FromMinutes(1), TimeProvider.System, default));

        failed.Message.ShouldBe($"sh ended: no such port (log: {_folder["log"]})");
    }

    [Fact]
    public async Task Until_NoSuchProgram_SaysSo()
    {
        await using ChildProcess child = new("no-such-program", [], _folder["log"]);
        (await Should.ThrowAsync<RunFailedException>(child.UntilAsync(Never, TimeSpan.FromMinutes(1), TimeProvider.System, default)))
            .Message.ShouldStartWith("no-such-program ended: ");
    }

    [SkippableFact]
    public async Task Dispose_ProcessThatWaitsForItsInput_Ends()
    {
        Skip.If(OperatingSystem.IsWindows(), "the child is a shell");
        ChildProcess child = new("sh", ["-c", "trap '' INT; cat; exit 0"], _folder["log"], holdInput: true);
        child.Ended.IsCompleted.ShouldBeFalse();
        await child.DisposeAsync();
        child.Ended.IsCompletedSuccessfully.ShouldBeTrue();
        Directory.EnumerateFiles(_folder.FullPath, "*.pid").ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Leftovers_ProcessThatNamesTheFolder_IsEndedAndNoOther()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "command lines are read from /proc");
        using Process ours = Process.Start("sh", ["-c", "sleep 600; :", _folder["a.conf"]]);
        using Process another = Process.Start("sh", ["-c", "sleep 600; :", "elsewhere"]);
        _folder.Write("ours.pid", $"{ours.Id}");
        _folder.Write("another.pid", $"{another.Id}");

        Leftovers.End(_folder.FullPath);

        await ours.WaitForExitAsync();
        another.HasExited.ShouldBeFalse();
        Directory.EnumerateFiles(_folder.FullPath).ShouldBeEmpty();
        another.Kill(entireProcessTree: true);
    }
}
