using System.Reflection;
using System.Text.Json;
using Akka.Configuration;
using Akka.Hosting;
using AkkaLb.Runtime.Hosting;

namespace AkkaLb.Runtime.Cluster;

/// <summary>What a node's options are in terms of Akka.NET.</summary>
internal static class NodeConfiguration
{
    public static void Add(AkkaConfigurationBuilder akka, NodeOptions options)
    {
        string refusing = Text(typeof(RefusingSerializer).AssemblyQualifiedName!);
        akka.AddHocon(ConfigurationFactory.ParseString($$"""
            akka.actor.provider = cluster
            # A type that a peer names is not made: neither as JSON or Protobuf says, nor as an actor that a peer deploys here.
            akka.actor.serializers {
              json = {{refusing}}
              proto = {{refusing}}
              daemon-create = {{refusing}}
            }
            akka.remote.dot-netty.tcp {
              hostname = {{Text(options.BindHost)}}
              public-hostname = {{Text(options.Host)}}
              port = {{(options.BindPort > 0 ? options.BindPort : options.Port)}}
              public-port = {{(options.BindPort > 0 ? options.Port : 0)}}
              enable-ssl = {{(options.Tls is not null ? "on" : "off")}}
            }
            akka.cluster.roles = [{{string.Join(", ", options.Roles.Select(Text))}}]
            # ClusterEntry joins: the seeds are the last that are asked.
            akka.cluster.seed-nodes = []
            {{PostgresLease.ConfigPath}} {
              lease-class = {{Text(typeof(PostgresLease).AssemblyQualifiedName!)}}
              connection = {{Text(options.Database)}}
              heartbeat-timeout = 4s
              heartbeat-interval = 1s
              lease-operation-timeout = 8s
            }
            """), HoconAddMode.Append);
        if (options.Tls is { } tls)
        {
            akka.AddSetup(tls.ToSetup());
        }
        if (options.Lease)
        {
            akka.AddHocon(Resource("node-lease.conf"), HoconAddMode.Append);
        }
        if (options.Fast)
        {
            akka.AddHocon(Resource("node-fast.conf"), HoconAddMode.Append);
        }
        akka.AddHocon(Resource("node.conf"), HoconAddMode.Append);
    }

    private static Config Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    private static string Text(string text) => JsonSerializer.Serialize(text);
}
