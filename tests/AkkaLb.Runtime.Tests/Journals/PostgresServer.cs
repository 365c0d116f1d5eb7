using CliWrap;
using CliWrap.Buffered;
using CliWrap.Exceptions;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>
/// A PostgreSQL server of one's own, from Debian's binaries, in a temporary folder and behind a socket in it, so that no
/// port is taken. The server refuses root, so root runs it as nobody.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string Installed = "/usr/lib/postgresql", User = "akkalb";

    private readonly string _binaries = "";
    private readonly string _folder = "";
    private int _databases;
    private bool _runs;

    public PostgresServer()
    {
        string[] versions = Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : [];
        if (!OperatingSystem.IsLinux() || versions.Select(v => Path.Combine(v, "bin")).FirstOrDefault(b => File.Exists(Path.Combine(b, "initdb"))) is not { } binaries)
        {
            Missing = $"PostgreSQL's server is not installed ({Installed}/VERSION/bin/initdb)";
            return;
        }
        _binaries = binaries;
        _folder = Path.Combine(Path.GetTempPath(), $"akkalb-postgres-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(_folder);
        try
        {
            if (Environment.IsPrivilegedProcess) { Run("chown", "nobody", _folder); }
            AsUser("initdb", "-D", Data, "-U", User, "-A", "trust", "-N", "-E", "UTF8", "--no-locale");
            Start();
        }
        catch (Exception e) when (e is CommandExecutionException or System.ComponentModel.Win32Exception)
        {
            Missing = $"PostgreSQL's server does not start: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>Why there is no server; null when there is one.</summary>
    public string? Missing { get; private set; }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes an empty database and says how to connect to it.</summary>
    public string CreateDatabase()
    {
        string name = $"database{Interlocked.Increment(ref _databases)}";
        AsUser("createdb", "-h", _folder, "-U", User, name);
        return $"Host={_folder};Username={User};Database={name}";
    }

    public void Start()
    {
        AsUser("pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o", $"-k {_folder} -c listen_addresses=");
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
        if (_folder.Length == 0) { return; }
        if (_runs) { Stop(); }
        Directory.Delete(_folder, recursive: true);
    }

    private void AsUser(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        if (Environment.IsPrivilegedProcess) { Run("setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", path, .. arguments]); }
        else { Run(path, arguments); }
    }

    private void Run(string program, params string[] arguments) =>
        new Command(program).WithArguments(arguments).WithWorkingDirectory(_folder).ExecuteBufferedAsync().GetAwaiter().GetResult();
}
