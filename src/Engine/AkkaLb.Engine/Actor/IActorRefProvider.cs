using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Makes references and finds them by path. The local one knows this process; a remote one can stand in its place.</summary>
public interface IActorRefProvider
{
    /// <summary>The root of this system's tree.</summary>
    IInternalActorRef RootGuardian { get; }

    /// <summary>The actor above all actors of the user.</summary>
    LocalActorRef Guardian { get; }

    /// <summary>The actor above all actors of the system.</summary>
    LocalActorRef SystemGuardian { get; }

    /// <summary>The dead letters.</summary>
    IActorRef DeadLetters { get; }

    /// <summary>The path of the root.</summary>
    ActorPath RootPath { get; }

    /// <summary>The settings of the system.</summary>
    Settings Settings { get; }

    /// <summary>The address of this system.</summary>
    Address DefaultAddress { get; }

    /// <summary>The parent of the references of questions.</summary>
    IInternalActorRef TempContainer { get; }

    /// <summary>Completes when the root has ended.</summary>
    Task TerminationTask { get; }

    /// <summary>A new path for the reference of a question.</summary>
    ActorPath TempPath();

    /// <summary>Makes the reference of a question known at its path.</summary>
    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);

    /// <summary>Forgets the reference of a question.</summary>
    void UnregisterTempActor(ActorPath path);

    /// <summary>The root at an address.</summary>
    IActorRef RootGuardianAt(Address address);

    /// <summary>The reference at a path; one to the dead letters when there is none.</summary>
    IActorRef ResolveActorRef(string path);

    /// <summary>The reference at a path; one to the dead letters when there is none.</summary>
    IActorRef ResolveActorRef(ActorPath actorPath);

    /// <summary>The address by which the system at <paramref name="address"/> reaches this one, or null.</summary>
    Address? GetExternalAddressFor(Address address);
}
