using Akka.Actor;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Agents;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>
/// What a link agent says to its neighbours and hears from them, round by round: it tells its successors its state after every exchange,
/// or, where states are asked for, asks its predecessors and answers its successors as soon as it knows what they want.
/// </summary>
internal sealed class HiddenStateExchange
{
    private readonly LinkId _link;
    private readonly LayeredAgent _agent;
    private readonly bool _isAsked;
    private readonly ILinkAgentAddresses _addresses;
    private readonly IActorRef _self;
    private readonly LinkId[] _successors, _predecessors;

    // Those of the predecessors: few, so that looking through them is as fast as a table over all links, and takes no memory.
    private readonly int[] _slots;
    private readonly List<LinkAgentCommands.RequestHiddenState> _waiting = [];
    private HiddenStateInbox _inbox, _nextInbox;
    private bool _isExchanging;

    /// <param name="agent">Makes the exchanges.</param>
    /// <param name="isAsked">Whether states are asked for.</param>
    /// <param name="lanes">Episodes that share a message, at most.</param>
    public HiddenStateExchange(
        NetworkModel model, LinkId link, LayeredAgent agent, bool isAsked, ILinkAgentAddresses addresses, IActorRef self, int lanes)
    {
        (_link, _agent, _isAsked, _addresses, _self) = (link, agent, isAsked, addresses, self);
        _successors = Ids(model.Topology.Successors(link));
        _predecessors = Ids(model.Predecessors(link.Index));
        _inbox = new HiddenStateInbox(model.MessageIterations, _predecessors.Length, model.HiddenState, lanes);
        _nextInbox = new HiddenStateInbox(model.MessageIterations, _predecessors.Length, model.HiddenState, lanes);
        _slots = model.Predecessors(link.Index).ToArray();
    }

    public int Round => _inbox.Round;

    /// <summary>States heard in this round.</summary>
    public int Heard => _inbox.Count;

    /// <summary>Requests sent in this round.</summary>
    public int Requests { get; private set; }

    /// <summary>What is of earlier rounds counts no longer; what neighbours that are ahead have sent does.</summary>
    public void Open(int round)
    {
        _isExchanging = false;
        Requests = 0;
        if (_nextInbox.Round == round)
        {
            (_inbox, _nextInbox) = (_nextInbox, _inbox);
        }
        else
        {
            _inbox.Open(round);
        }
        if (_waiting.Count > 0)
        {
            _waiting.RemoveAll(waiting => waiting.Round < round);
        }
    }

    /// <returns>Whether it is of this round.</returns>
    /// <exception cref="ArgumentException">It is not of a predecessor, or not of this agent's model.</exception>
    public bool Receive(LinkAgentCommands.ReceiveHiddenState message)
    {
        HiddenStateInbox inbox = _inbox;
        if (message.Round != _inbox.Round)
        {
            if (message.Round < _inbox.Round || message.Round < _nextInbox.Round)
            {
                return false;
            }
            if (message.Round > _nextInbox.Round)
            {
                _nextInbox.Open(message.Round);
            }
            inbox = _nextInbox;
        }
        int slot = _slots.AsSpan().IndexOf(message.Sender.Index);
        if (slot < 0)
        {
            throw new ArgumentException($"{_link} got a hidden state of {message.Sender}, which does not precede it");
        }
        inbox.Put(message.Iteration, slot, message.State);
        return inbox == _inbox;
    }

    /// <summary>Answers a successor, now or when the agent is there, perhaps only in the next horizon.</summary>
    public void Request(LinkAgentCommands.RequestHiddenState request)
    {
        if (request.Round == _inbox.Round && _agent.Known >= request.Iteration)
        {
            Send(request.Sender, request.Iteration);
        }
        else if (request.Round >= _inbox.Round)
        {
            _waiting.Add(request);
        }
    }

    /// <summary>Begins the next exchange.</summary>
    public void Begin()
    {
        _isExchanging = true;
        if (!_isAsked)
        {
            int iteration = _agent.Known;
            _addresses.Share(_link, _successors, _inbox.Round, iteration, _agent.Share(iteration), _self);
            return;
        }
        foreach (LinkId predecessor in _predecessors)
        {
            _addresses.Tell(new LinkAgentCommands.RequestHiddenState(predecessor, _link, _inbox.Round, _agent.Known), _self);
        }
        Requests += _predecessors.Length;
    }

    /// <summary>Makes the exchange that was begun, if all its states are there.</summary>
    public bool TryEnd()
    {
        if (!_isExchanging || !_inbox.IsComplete(_agent.Known))
        {
            return false;
        }
        _isExchanging = false;
        _agent.Exchange(_inbox.States(_agent.Known));
        Answer();
        return true;
    }

    /// <summary>Answers those who wait for a state that is known now.</summary>
    public void Answer()
    {
        if (_waiting.Count == 0)
        {
            return;
        }
        foreach (LinkAgentCommands.RequestHiddenState request in _waiting)
        {
            if (IsKnown(request))
            {
                Send(request.Sender, request.Iteration);
            }
        }
        _waiting.RemoveAll(IsKnown);
    }

    private bool IsKnown(LinkAgentCommands.RequestHiddenState request) =>
        request.Round == _inbox.Round && request.Iteration <= _agent.Known;

    private void Send(LinkId link, int iteration) =>
        _addresses.Tell(new LinkAgentCommands.ReceiveHiddenState(link, _link, _inbox.Round, iteration, _agent.Share(iteration)), _self);

    private static LinkId[] Ids(ReadOnlySpan<int> links)
    {
        LinkId[] ids = new LinkId[links.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = new LinkId(links[i]);
        }
        return ids;
    }
}
