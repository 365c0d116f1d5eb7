using Akka.Actor;

namespace Akka.Event;

/// <summary>Passes events to the subscribers of their classes.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber> where TClassifier : notnull where TSubscriber : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TClassifier, List<TSubscriber>> _subscriptions = [];
    private volatile Dictionary<TClassifier, TSubscriber[]> _cache = [];

    /// <summary>The name of an object's type.</summary>
    protected string SimpleName(object source) => SimpleName(source.GetType());

    /// <summary>The name of a type.</summary>
    protected string SimpleName(Type source) => source.Name;

    /// <summary>Adds a subscription; false when it was there.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(classifier, out List<TSubscriber>? subscribers)) { _subscriptions.Add(classifier, subscribers = []); }
            if (subscribers.Contains(subscriber)) { return false; }
            subscribers.Add(subscriber);
            _cache = [];
            return true;
        }
    }

    /// <summary>Takes all subscriptions of a subscriber away; false when there was none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_lock)
        {
            int removed = 0;
            foreach (List<TSubscriber> subscribers in _subscriptions.Values) { removed += subscribers.RemoveAll(s => s.Equals(subscriber)); }
            _cache = [];
            return removed > 0;
        }
    }

    /// <summary>Takes one subscription away, and those of its subclasses; false when there was none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            int removed = 0;
            foreach ((TClassifier known, List<TSubscriber> subscribers) in _subscriptions)
            {
                if (IsSubClassification(classifier, known)) { removed += subscribers.RemoveAll(s => s.Equals(subscriber)); }
            }
            _cache = [];
            return removed > 0;
        }
    }

    /// <summary>Passes an event to its subscribers, each once.</summary>
    public virtual void Publish(TEvent @event)
    {
        TClassifier classifier = GetClassifier(@event);
        Dictionary<TClassifier, TSubscriber[]> cache = _cache;
        if (!cache.TryGetValue(classifier, out TSubscriber[]? subscribers)) { subscribers = Find(@event, classifier); }
        foreach (TSubscriber subscriber in subscribers) { Publish(@event, subscriber); }
    }

    private TSubscriber[] Find(TEvent @event, TClassifier classifier)
    {
        lock (_lock)
        {
            TSubscriber[] subscribers = _subscriptions.Where(s => Classify(@event, s.Key)).SelectMany(s => s.Value).Distinct().ToArray();
            _cache = new Dictionary<TClassifier, TSubscriber[]>(_cache) { [classifier] = subscribers };
            return subscribers;
        }
    }

    /// <summary>True when <paramref name="child"/> is <paramref name="parent"/> or below it.</summary>
    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    /// <summary>Passes an event to one subscriber.</summary>
    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    /// <summary>True when an event is of a class.</summary>
    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    /// <summary>The class of an event.</summary>
    protected abstract TClassifier GetClassifier(TEvent @event);
}

/// <summary>An event bus whose subscribers are actors.</summary>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef> where TClassifier : notnull;
