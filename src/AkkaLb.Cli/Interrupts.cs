using System.Runtime.InteropServices;
using AkkaLb.Cli.Output;

namespace AkkaLb.Cli;

/// <summary>
/// Turns the first Ctrl-C, SIGTERM or SIGHUP into a cancelled token and leaves the second to the system, which ends the process at once.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CommandHost _host;
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public Interrupts(CommandHost host)
    {
        _host = host;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            // The terminal was closed.
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _count) == 1)
        {
            context.Cancel = true;
            // Off the signal thread: callbacks of the token may take a while, and a second signal must still get through.
            _ = Task.Run(_source.Cancel);
        }
        else if (_host.ErrorIsTerminal)
        {
            _host.Error.Write(Terminal.ShowCursor);
        }
    }
}
