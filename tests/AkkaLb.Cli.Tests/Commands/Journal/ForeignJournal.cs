using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql;
using Akka.Serialization;

namespace AkkaLb.Cli.Tests.Commands.Journal;

/// <summary>A journal of a program that is not ours: plain Akka.Persistence.Sql, with a serializer of its own and tags.</summary>
internal static class ForeignJournal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Three counters: two with five events, and one with five of which the first three were deleted.</summary>
    /// <param name="mode">Csv: tags in a column; TagTable: in a table of their own; Both.</param>
    /// <returns>The journal's file.</returns>
    public static async Task<string> WriteAsync(string folder, string mode, int last = 5)
    {
        string file = Path.Combine(folder, $"foreign-{mode}-{last}.db");
        using ActorSystem system = ActorSystem.Create("foreign", ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor {
                serializers.counted = "{{typeof(CountedSerializer).AssemblyQualifiedName}}"
                serialization-bindings { "{{typeof(Counted).AssemblyQualifiedName}}" = counted }
              }
              persistence {
                journal {
                  plugin = "akka.persistence.journal.sql"
                  sql { connection-string = "Data Source={{file}};Pooling=False", provider-name = "SQLite.MS", tag-write-mode = {{mode}} }
                }
                snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
              }
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration));
        foreach (string name in (string[])["counter-2", "counter-10", "counter-cut"])
        {
            IActorRef counter = system.ActorOf(Props.Create(() => new CounterActor(name)));
            for (int i = 1; i <= 5; i++)
            {
                await counter.Ask<string>(i == 5 ? last : i, Patience);
            }
            if (name == "counter-cut")
            {
                await counter.Ask<string>("cut", Patience);
            }
        }
        await system.Terminate();
        return file;
    }

    private sealed record Counted(int Value);

    private sealed class CountedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 9001;

        public override string Manifest(object o) => "counted";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes($"{((Counted)obj).Value}");

        public override object FromBinary(byte[] bytes, string manifest) => new Counted(int.Parse(Encoding.UTF8.GetString(bytes), null));
    }

    private sealed class CounterActor : ReceivePersistentActor
    {
        public CounterActor(string name)
        {
            PersistenceId = name;
            IActorRef asker = ActorRefs.Nobody;
            Recover<Counted>(_ => { });
            Command<int>(value =>
            {
                asker = Sender;
                object[] tags = value % 2 == 0 ? ["all", "even"] : ["all"];
                Persist(new Tagged(new Counted(value), tags.Cast<string>()), _ => asker.Tell("stored"));
            });
            Command<string>(_ =>
            {
                asker = Sender;
                DeleteMessages(3);
            });
            Command<DeleteMessagesSuccess>(_ => asker.Tell("deleted"));
        }

        public override string PersistenceId { get; }
    }
}
