using System.ComponentModel;
using System.Diagnostics;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// A PostgreSQL server of one's own, from the distribution's binaries, in a folder of its own and behind a socket in it, so that no port is
/// taken. The server refuses root, so root runs it as nobody.
/// </summary>
public sealed class LocalPostgres : IDisposable
{
    private const string Installed = "/usr/lib/postgresql", User = "akkalb";

    // Gives the nodes of a process that was killed time to leave, then ends the server. Signals to the process's group are not for it.
    private const string Guard = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        read -r _
        [ -e "$0" ] || exit 0
        sleep 15
        "$@"
        rm -rf "$0"
        """;

    private readonly string _binaries, _folder;
    private Process? _guard;
    private int _databases;
    private bool _runs;

    private LocalPostgres(string binaries, string folder) => (_binaries, _folder) = (binaries, folder);

    /// <summary>Why there can be none here; null when there can be one.</summary>
    public static string? Missing => Find() is null ? $"PostgreSQL's server is not installed ({Installed}/VERSION/bin/initdb)" : null;

    /// <summary>Starts a server without databases in a temporary folder.</summary>
    /// <exception cref="RunFailedException">It is not installed, or does not start.</exception>
    public static LocalPostgres Start()
    {
        string binaries = Find() ?? throw new RunFailedException(Missing!);
        string folder = ScratchFolder.Create($"akkalb-postgres-{Environment.ProcessId}-");
        LocalPostgres server = new(binaries, folder);
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                server.Run("chown", "nobody", folder);
            }
            server.AsUser("initdb", "-D", server.Data, "-U", User, "-A", "trust", "-N", "-E", "UTF8", "--no-locale");
            server.StartAgain();
            server.Watch();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty database and says how to connect to it.</summary>
    public string CreateDatabase()
    {
        string name = $"database{Interlocked.Increment(ref _databases)}";
        AsUser("createdb", "-h", _folder, "-U", User, name);
        return $"Host={_folder};Username={User};Database={name}";
    }

    public void StartAgain()
    {
        AsUser(
            "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"),
            "-o", $"-k {_folder} -c listen_addresses= -c max_connections=300");
        _runs = true;
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public void Stop()
    {
        AsUser("pg_ctl", "stop", "-w", "-D", Data, "-m", "immediate");
        _runs = false;
    }

    public void Dispose()
    {
        if (_runs)
        {
            Stop();
        }
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
        if (_guard is not null)
        {
            _guard.StandardInput.Close();
            _guard.WaitForExit();
            _guard.Dispose();
        }
    }

    /// <summary>Has the server ended, and its folder removed, should this process be killed.</summary>
    private void Watch()
    {
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardInput = true };
        foreach (string argument in (string[])["-c", Guard, _folder, .. UserCommand("pg_ctl", "stop", "-w", "-D", Data, "-m", "fast")])
        {
            start.ArgumentList.Add(argument);
        }
        _guard = Process.Start(start);
    }

    private string Data => Path.Combine(_folder, "data");

    private static string? Find() => !OperatingSystem.IsLinux() || !Directory.Exists(Installed)
        ? null
        : Directory.GetDirectories(Installed).Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(binaries => File.Exists(Path.Combine(binaries, "initdb")));

    private void AsUser(string program, params string[] arguments)
    {
        string[] command = UserCommand(program, arguments);
        Run(command[0], command[1..]);
    }

    private string[] UserCommand(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", path, .. arguments]
            : [path, .. arguments];
    }

    private void Run(string program, params string[] arguments)
    {
        // The server keeps what it inherits, so its output goes to a file, not to a pipe that would never end.
        string output = Path.Combine(_folder, "output");
        ProcessStartInfo start = new("/bin/sh") { WorkingDirectory = _folder, RedirectStandardInput = true };
        foreach (string argument in (string[])["-c", "\"$@\" >>output 2>&1", "sh", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                string last = File.Exists(output) ? File.ReadLines(output).LastOrDefault(line => line.Length > 0) ?? "" : "";
                throw new RunFailedException($"PostgreSQL's {Path.GetFileName(program)} failed with exit code {process.ExitCode}: {last}");
            }
        }
        catch (Win32Exception e)
        {
            throw new RunFailedException($"PostgreSQL's server does not start: {e.Message}", e);
        }
    }
}
