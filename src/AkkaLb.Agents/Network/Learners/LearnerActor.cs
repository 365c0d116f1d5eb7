using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;

namespace AkkaLb.Agents.Network.Learners;

/// <summary>
/// The learner of one run: trains on every full block, publishes policy versions. Its state is its checkpoint's, which the run knows by
/// name and hash: a learner that crashes ends the run, and the run goes on from there.
/// </summary>
public sealed class LearnerActor : ReceiveActor
{
    private readonly PpoLearner _learner;
    private readonly ExperienceChanges[]? _recalls;

    /// <param name="learner">Fresh, or restored from a checkpoint; this actor alone uses it until it stops.</param>
    public LearnerActor(PpoLearner learner, IExperimentObserver observer, CancellationToken cancellation)
    {
        _learner = learner;
        _recalls = NoteRecalls(learner);
        Receive<LearnerCommands.PublishPolicy>(_ => Publish(_learner.Experience?.Save(), isUpdate: false));
        Receive<LearnerCommands.Learn>(learn => Learn(learn, cancellation));
        Receive<LearnerCommands.TakeMemory>(take =>
        {
            _learner.Experience!.Restore(take.Memory);
            Sender.Tell(LearnerEvents.MemoryTaken.Instance);
        });
        Receive<LearnerCommands.KeepPolicy>(_ => Sender.Tell(new LearnerEvents.PolicyKept(observer.PolicyUpdated(Episodes, _learner))));
    }

    /// <summary>
    /// Learnt from since the start of the run: by the learner itself, which may be a checkpoint's, and not by what this actor has seen.
    /// </summary>
    private int Episodes => (int)(_learner.Policy.Version * _learner.Model.Options.EpisodesPerUpdate);

    public static Props Props(PpoLearner learner, IExperimentObserver observer, CancellationToken cancellation) =>
        Akka.Actor.Props.Create(() => new LearnerActor(learner, observer, cancellation));

    /// <summary>
    /// Where the learner recalls episodes from memories, it changes its copies of them, and agents do the same to theirs.
    /// </summary>
    private static ExperienceChanges[]? NoteRecalls(PpoLearner learner)
    {
        if (learner.Experience is not { Options.Recalls: MemoryRecalls.Memory } experience)
        {
            return null;
        }
        ExperienceChanges[] recalls = new ExperienceChanges[experience.AgentCount];
        for (int link = 0; link < recalls.Length; link++)
        {
            recalls[link] = new ExperienceChanges();
            experience[link].Note(recalls[link]);
        }
        return recalls;
    }

    private void Learn(LearnerCommands.Learn learn, CancellationToken cancellation)
    {
        if (learn.Memory is { } memory)
        {
            _learner.Experience!.Restore(memory);
        }
        try
        {
            _learner.Train(learn.Block, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The run ends there.
            Sender.Tell(LearnerEvents.LearningStopped.Instance);
            return;
        }
        _learner.Experience?.Mark();
        if (_recalls is null)
        {
            // An update leaves memories as they are.
            Publish(learn.Memory, isUpdate: true);
        }
        else
        {
            Publish(_learner.Experience!.Save(), isUpdate: true, [.. _recalls.Select(changes => changes.Take())]);
        }
    }

    private void Publish(TeamMemory? memory, bool isUpdate, IReadOnlyList<byte[]>? recalled = null) =>
        Sender.Tell(new LearnerEvents.PolicyPublished(_learner.Policy, memory, isUpdate, recalled));
}
