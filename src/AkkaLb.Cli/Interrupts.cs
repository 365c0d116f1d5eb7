using System.Runtime.InteropServices;
using AkkaLb.Cli.Output;

namespace AkkaLb.Cli;

/// <summary>
/// Turns the first Ctrl-C, SIGTERM or SIGHUP into a cancelled token and leaves the second to the system, which ends the process at once.
/// </summary>
/// <remarks>
/// One that follows within a moment is the same: coreutils' <c>timeout</c> signals the process and then its group, and nobody presses
/// twice so fast.
/// </remarks>
internal sealed class Interrupts : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private readonly CommandHost _host;
    private readonly PosixSignalRegistration[] _registrations;
    private long? _first;

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
        bool isFirst, isSame;
        lock (_gate)
        {
            isFirst = _first is null;
            _first ??= _host.Time.GetTimestamp();
            isSame = _host.Time.GetElapsedTime(_first.Value) < Moment;
        }
        context.Cancel = isFirst || isSame;
        if (isFirst)
        {
            // Off the signal thread: callbacks of the token may take a while, and a second signal must still get through.
            _ = Task.Run(_source.Cancel);
        }
        else if (!isSame && _host.ErrorIsTerminal)
        {
            _host.Error.Write(Terminal.ShowCursor);
        }
    }
}
