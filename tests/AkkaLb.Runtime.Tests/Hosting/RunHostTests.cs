using System.Runtime.Serialization;
using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;

namespace AkkaLb.Runtime.Tests.Hosting;

/// <summary>Tests that look into a log: Akka.NET writes to the process's logger, so nothing else may run beside them.</summary>
[CollectionDefinition(nameof(ProcessLog), DisableParallelization = true)]
public sealed class ProcessLog;

[Collection(nameof(ProcessLog))]
public sealed class RunHostTests : IDisposable
{
    private const string Start = "start", Stop = "stop", Crash = "crash";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunHost Open(string content = "")
    {
        RunFolder folder = RunFolder.Create(_folder["run"], "", "");
        return RunHost.Open(ConfigurationLoader.Load(_folder.Write("run.conf", content), []), folder, isNew: true, fromStart: true);
    }

    private static Task<object> Play(RunHost host, Func<object, ActorSystem, object?> answer, object start,
        CancellationToken cancellation = default) =>
        host.PlayAsync(Props.Create(() => new AnsweringActor(answer)), "answering", start, Stop, cancellation);

    [Fact]
    public async Task AkkaSection_OfAnExperiment_ReachesTheSystemAndWinsOverOurDefaults()
    {
        await using RunHost host = Open("""
            akka {
              actor.debug.unhandled = on, test { list = [1, 2], text = ${akkalb.name} },
              log-dead-letters = 7
            },
            akkalb.name = tried
            """);
        Akka.Configuration.Config config = (Akka.Configuration.Config)await Play(host, (_, system) => system.Settings.Config, Start);
        config.GetBoolean("akka.actor.debug.unhandled").ShouldBeTrue();
        config.GetIntList("akka.test.list").ShouldBe([1, 2]);
        config.GetString("akka.test.text").ShouldBe("tried");
        config.GetInt("akka.log-dead-letters").ShouldBe(7);
        config.GetString("akka.persistence.journal.plugin").ShouldBe("akka.persistence.journal.sql");
    }

    [Theory]
    [InlineData("akka.loglevel = INFO", "akka.loglevel=BANANA")]
    [InlineData("akka.actor.provider = \"No.Such.Provider, Nowhere\"")]
    [InlineData("akka.scheduler.implementation = \"System.String\"")]
    [InlineData("akka.loggers = [\"No.Such.Logger, Nowhere\"]")]
    [InlineData("akka.loglevel = BANANA")]
    public async Task AkkaSection_NoSystemStartsWith_IsOneLineBeforeAnythingIsWritten(string section, string? set = null)
    {
        string file = _folder.Write("bad.conf", section);
        ExperimentRequest request = new(file) { OutputFolder = _folder["bad"], Overrides = set is null ? [] : [set] };
        string message = (await Should.ThrowAsync<InvalidInputException>(() =>
            ExperimentRunner.RunAsync(request, new QuietObserver(), default))).Message;
        message.ShouldStartWith($"{file}{(set is null ? "" : " with --set")}: 'akka' is no configuration that Akka.NET starts with: ");
        message.ShouldNotContain("\n");
        Directory.Exists(_folder["bad"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("akka = 5", "'akka' is a section, found 5; expected keys of Akka.NET")]
    [InlineData("akka = [1]", "'akka' is a section, found [1]; expected keys of Akka.NET")]
    [InlineData("akka.loglevel = ${akka.loglevel}", "line 1, column 17: substitution ${akka.loglevel} is part of a cycle")]
    public async Task AkkaSection_ThatIsNone_IsRefusedWithTheFile(string content, string expected)
    {
        string file = _folder.Write("bad.conf", content);
        ExperimentRequest request = new(file) { OutputFolder = _folder["bad"] };
        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.RunAsync(request, new QuietObserver(), default))).Message
            .ShouldBe($"{file}: {expected}");
        Directory.Exists(_folder["bad"]).ShouldBeFalse();
    }

    [Fact]
    public async Task AkkaSection_LogLevelDebug_ReachesTheLog()
    {
        await using (RunHost host = Open("akka { loglevel = DEBUG, actor.debug.lifecycle = on }"))
        {
            await Play(host, (_, system) => system.Settings.LogLevel, Start);
        }
        File.ReadAllText(Path.Combine(_folder["run"], RunFolder.LogFile)).ShouldContain(" DBG ");
    }

    [Fact]
    public async Task Cancellation_GoesThroughCoordinatedShutdownAndLeavesTheJournalUntilTheRunIsClosed()
    {
        using CancellationTokenSource stop = new();
        ActorSystem? system = null;
        object answer;
        await using (RunHost host = Open())
        {
            answer = await Play(
                host,
                (message, running) =>
                {
                    system = running;
                    if (message is Start)
                    {
                        stop.Cancel();
                        return null;
                    }
                    return CoordinatedShutdown.Get(running).ShutdownReason;
                },
                Start,
                stop.Token);
            host.Journal!.Store(new Agents.Experiments.RunEvents.RunStopped(3));
            await host.SettleAsync();
            system!.WhenTerminated.IsCompleted.ShouldBeFalse();
        }
        answer.ShouldBe(CoordinatedShutdown.ClrExitReason.Instance);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Actor_ThatCrashes_EndsTheRunWithOneLineAndItsReasonInTheLog()
    {
        await using (RunHost host = Open())
        {
            (await Should.ThrowAsync<RunFailedException>(() =>
                Play(host, (_, _) => throw new InvalidOperationException("as told"), Crash))).Message
                .ShouldBe("the answering actor failed, see the log");
        }
        File.ReadAllText(Path.Combine(_folder["run"], RunFolder.LogFile)).ShouldContain("as told");
    }

    [Fact]
    public async Task Serialization_OfATypeWithoutASerializer_IsRefused()
    {
        await using RunHost host = Open();
        ActorSystem system = (ActorSystem)await Play(host, (_, running) => running, Start);
        Should.Throw<SerializationException>(() => system.Serialization.Serialize(new Version(1, 2))).Message.ShouldBe(
            "no serializer is bound to System.Version");
        JournalSerializer.Unserialised(system).ShouldBeEmpty();
    }

    private sealed class AnsweringActor : ReceiveActor
    {
        private IActorRef _asker = ActorRefs.Nobody;

        public AnsweringActor(Func<object, ActorSystem, object?> answer) => Receive<string>(message =>
        {
            _asker = message == Stop ? _asker : Sender;
            if (answer(message, Context.System) is { } given)
            {
                _asker.Tell(given);
                Context.Stop(Self);
            }
        });
    }
}
