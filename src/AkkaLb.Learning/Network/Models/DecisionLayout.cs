namespace AkkaLb.Learning.Network.Models;

/// <summary>
/// Who chooses in a horizon and which logits belong to which choice. SAMAROH: N deciders with A choices. MAROH: one decider with
/// N·A choices, choice = link·A + action. Logits are numbered link·A + output.
/// </summary>
public sealed class DecisionLayout
{
    private readonly int[] _logits;
    private readonly int _actions;

    internal DecisionLayout(NetworkLearningOptions options, int links)
    {
        _actions = options.Actions.Count;
        bool team = options.Method == NetworkMethod.Maroh;
        Deciders = team ? 1 : links;
        Choices = team ? links * _actions : _actions;
        IsLocal = !team && options.Readout != ReadoutMode.Reference;
        _logits = new int[links * _actions];
        for (int decider = 0; decider < Deciders; decider++)
        {
            for (int choice = 0; choice < Choices; choice++)
            {
                // The reshape of [N, A] to [A, N] puts flat element choice·N + agent where agent's logit for choice is read.
                _logits[decider * Choices + choice] = !team && options.Readout == ReadoutMode.Reference
                    ? choice * links + decider
                    : decider * Choices + choice;
            }
        }
    }

    /// <summary>Number of choices that are made in a horizon: N, or 1.</summary>
    public int Deciders { get; }

    /// <summary>Number of possibilities of one decider: A, or N·A.</summary>
    public int Choices { get; }

    /// <summary>True when every decider is a link agent that needs its own logits only.</summary>
    public bool IsLocal { get; }

    /// <summary>The number, link·A + output, of the logit that a decider reads for a choice.</summary>
    public int LogitOf(int decider, int choice) => _logits[decider * Choices + choice];

    /// <summary>The link that a choice acts on, and the action.</summary>
    public (int Link, int Action) Target(int decider, int choice) =>
        Deciders == 1 && Choices != _actions ? (choice / _actions, choice % _actions) : (decider, choice);

    /// <summary>Collects a decider's logits from those of all links.</summary>
    /// <param name="all">N·A logits, link by link.</param>
    /// <param name="own">Receives <see cref="Choices"/> logits.</param>
    public void Gather(ReadOnlySpan<float> all, int decider, Span<float> own)
    {
        for (int choice = 0; choice < Choices; choice++)
        {
            own[choice] = all[_logits[decider * Choices + choice]];
        }
    }
}
