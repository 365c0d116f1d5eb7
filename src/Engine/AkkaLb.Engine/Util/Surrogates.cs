using Akka.Actor;

namespace Akka.Util;

/// <summary>A serialisable stand-in for an object that lives in one actor system.</summary>
public interface ISurrogate
{
    /// <summary>Turns the stand-in into the object, in <paramref name="system"/>.</summary>
    ISurrogated FromSurrogate(ActorSystem system);
}

/// <summary>An object that has a serialisable stand-in.</summary>
public interface ISurrogated
{
    /// <summary>Makes the stand-in.</summary>
    ISurrogate ToSurrogate(ActorSystem system);
}
