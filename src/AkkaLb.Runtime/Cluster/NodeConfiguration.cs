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
        bool tls = options.Certificate.Length > 0;
        string protocol = tls ? "akka.ssl.tcp" : "akka.tcp";
        string seeds = string.Join(", ", options.Seeds.Select(seed => Text($"{protocol}://{ActorSystemComposition.SystemName}@{seed}")));
        akka.AddHocon(ConfigurationFactory.ParseString($$"""
            akka.actor.provider = cluster
            akka.remote.dot-netty.tcp {
              hostname = {{Text(options.Bind.Length > 0 ? options.Bind : options.Host)}}
              public-hostname = {{Text(options.Host)}}
              port = {{(options.BindPort > 0 ? options.BindPort : options.Port)}}
              public-port = {{(options.BindPort > 0 ? options.Port : 0)}}
              enable-ssl = {{(tls ? "on" : "off")}}
              ssl.suppress-validation = off
              ssl.require-mutual-authentication = on
              ssl.certificate.path = {{Text(options.Certificate)}}
              ssl.certificate.password = {{Text(options.CertificatePassword)}}
            }
            akka.cluster.roles = [{{string.Join(", ", options.Roles.Select(Text))}}]
            akka.cluster.seed-nodes = [{{seeds}}]
            {{PostgresLease.ConfigPath}} {
              lease-class = {{Text(typeof(PostgresLease).AssemblyQualifiedName!)}}
              connection = {{Text(options.Database)}}
              heartbeat-timeout = 8s
              heartbeat-interval = 2s
              lease-operation-timeout = 5s
            }
            """), HoconAddMode.Append);
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
