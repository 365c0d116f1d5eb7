using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;

namespace AkkaLb.Engine;

internal enum ReplayFilterMode
{
    Off,
    Warn,
    Repair,
    Fail,
}

/// <param name="Mode">What is done.</param>
/// <param name="WindowSize">Events that are held back.</param>
/// <param name="MaxOldWriters">Writers that are remembered.</param>
/// <param name="Debug">Logs every event.</param>
internal sealed record ReplayFilterOptions(ReplayFilterMode Mode, int WindowSize, int MaxOldWriters, bool Debug)
{
    internal static ReplayFilterOptions Read(Config config)
    {
        string text = config.GetString("replay-filter.mode") ?? "off";
        ReplayFilterMode mode = text switch
        {
            "repair-by-discard-old" => ReplayFilterMode.Repair,
            "fail" => ReplayFilterMode.Fail,
            "warn" => ReplayFilterMode.Warn,
            "off" or "false" => ReplayFilterMode.Off,
            _ => throw new ConfigurationException($"replay-filter.mode = {text}, expected one of repair-by-discard-old, fail, warn, off"),
        };
        return new ReplayFilterOptions(mode, config.GetInt("replay-filter.window-size"), config.GetInt("replay-filter.max-old-writers"), config.GetBoolean("replay-filter.debug"));
    }
}

/// <summary>Finds events that two incarnations of an actor wrote at the same time, within a window, and deals with them.</summary>
/// <remarks>The later writer is right: its events replace those of the earlier one from the same sequence number on.</remarks>
internal sealed class ReplayFilter(ReplayFilterOptions options, string persistenceId, ActorSystem system, Action<IPersistentRepresentation> next)
{
    private readonly LinkedList<IPersistentRepresentation> _window = new();
    private readonly LinkedList<string> _oldWriters = new();
    private string _writer = "";
    private long _sequenceNr = -1;

    internal void Add(IPersistentRepresentation persistent)
    {
        if (options.Debug) { system.Log.Debug("Replay of {0}, sequence number {1}, writer {2}", persistenceId, persistent.SequenceNr, persistent.WriterGuid); }
        if (options.Mode == ReplayFilterMode.Off)
        {
            next(persistent);
            return;
        }
        if (_window.Count >= options.WindowSize)
        {
            next(_window.First!.Value);
            _window.RemoveFirst();
        }
        if (persistent.WriterGuid == _writer)
        {
            if (persistent.SequenceNr <= _sequenceNr && !Accepts($"duplicate sequence number {persistent.SequenceNr} of writer {_writer}")) { return; }
            _sequenceNr = Math.Max(_sequenceNr, persistent.SequenceNr);
            _window.AddLast(persistent);
        }
        else if (_oldWriters.Contains(persistent.WriterGuid))
        {
            if (Accepts($"event {persistent.SequenceNr} of the earlier writer {persistent.WriterGuid}, while {_writer} writes")) { _window.AddLast(persistent); }
        }
        else
        {
            NewWriter(persistent);
        }
    }

    internal void Complete()
    {
        foreach (IPersistentRepresentation persistent in _window) { next(persistent); }
        _window.Clear();
    }

    private void NewWriter(IPersistentRepresentation persistent)
    {
        if (_writer.Length > 0) { _oldWriters.AddLast(_writer); }
        if (_oldWriters.Count > options.MaxOldWriters) { _oldWriters.RemoveFirst(); }
        _writer = persistent.WriterGuid;
        _sequenceNr = persistent.SequenceNr;
        for (LinkedListNode<IPersistentRepresentation>? node = _window.First; node is not null;)
        {
            LinkedListNode<IPersistentRepresentation>? following = node.Next;
            if (node.Value.SequenceNr >= _sequenceNr
                && !Accepts($"event {node.Value.SequenceNr} of the earlier writer {node.Value.WriterGuid}, which {_writer} wrote too"))
            {
                _window.Remove(node);
            }
            node = following;
        }
        _window.AddLast(persistent);
    }

    /// <summary>False when the event is dropped.</summary>
    private bool Accepts(string finding)
    {
        string text = $"Invalid replayed event in {persistenceId}: {finding}";
        switch (options.Mode)
        {
            case ReplayFilterMode.Fail:
                throw new InvalidOperationException(text);
            case ReplayFilterMode.Repair:
                system.Log.Error("{0}; it is dropped", text);
                return false;
            default:
                system.Log.Warning("{0}", text);
                return true;
        }
    }
}
