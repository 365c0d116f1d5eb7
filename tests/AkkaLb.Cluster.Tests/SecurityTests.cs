using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Cluster.Tests;

/// <summary>Who may be a node, and what a node makes of those who may not.</summary>
public sealed class SecurityTests : InProcessTest
{
    private const string Name = "node";

    [SkippableFact]
    public async Task TlsNodes_OfOneAuthority_FormACluster()
    {
        RequirePostgres();
        using TestCertificates ours = new(Path.Combine(Folder, "ours"));
        ClusterNode first = await StartNodeAsync(Name, null, Pkcs12(ours, "first"));
        (string certificate, string key) = ours.SignPem("second");
        ClusterNode second = await StartNodeAsync(
            "second", first, $$"""tls { certificate = "{{certificate}}", key = "{{key}}", authority = "{{ours.Authority}}" }""");
        first.Address.ShouldStartWith("akka.ssl.tcp://");
        await MembersShouldBeUpAsync(second, 2);
    }

    [SkippableFact]
    public async Task TlsNode_Strangers_AreRefusedAndSaidWhyOnce()
    {
        RequirePostgres();
        using TestCertificates ours = new(Path.Combine(Folder, "ours")), theirs = new(Path.Combine(Folder, "theirs"));
        ClusterNode node = await StartNodeAsync(Name, null, Pkcs12(ours, "first"));
        await MembersShouldBeUpAsync(node, 1);
        int before = Log(Name).Count;
        await GreetAsync(node, null);
        (await LoggedAsync(Name, "did not provide a certificate")).Count.ShouldBe(1);
        using X509Certificate2 foreign = theirs.Sign("foreign"), old = ours.Sign(
            "old", new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await GreetAsync(node, foreign);
        (await LoggedAsync(Name, "CN=foreign")).Count.ShouldBe(1);
        await GreetAsync(node, old);
        (await LoggedAsync(Name, "NotTimeValid")).Count.ShouldBe(1);
        await SendAsync(node, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await LoggedAsync(Name, "not an SSL/TLS record");
        // A record as TLS has it, of a handshake that is none.
        await SendAsync(node, [0x16, 3, 1, 0, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        await ShouldLiveAsync(node, before, 5);
    }

    /// <summary>What a node does that asks to be let in, with a certificate of others.</summary>
    [SkippableFact]
    public async Task TlsNode_NodeOfAnotherAuthority_IsNotLetIn()
    {
        RequirePostgres();
        using TestCertificates ours = new(Path.Combine(Folder, "ours")), theirs = new(Path.Combine(Folder, "theirs"));
        ClusterNode node = await StartNodeAsync(Name, null, Pkcs12(ours, "first"));
        await MembersShouldBeUpAsync(node, 1);
        await StartNodeAsync("stranger", node, Pkcs12(theirs, "foreign"));
        await LoggedAsync("stranger", "is refused");
        (await StatusAsync(node)).Members.Count.ShouldBe(1);
        Log(Name).ShouldAllBe(line => !line.StartsWith("   "));
    }

    [SkippableFact]
    public async Task Node_GarbageAndLargeFrames_LivesAndSaysSoInALineEach()
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync(Name, null);
        await MembersShouldBeUpAsync(node, 1);
        int before = Log(Name).Count;
        await SendAsync(node, [.. BitConverter.GetBytes(16), .. Enumerable.Repeat((byte)0xEE, 16)]);
        await SendAsync(node, [.. BitConverter.GetBytes(1 << 30), .. new byte[64]]);
        await SendAsync(node, [.. BitConverter.GetBytes(-7), .. new byte[64]]);
        await ShouldLiveAsync(node, before, 3);
    }

    [SkippableFact]
    public async Task Node_UnknownMessages_AreDroppedInALineEach()
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync(Name, null);
        await MembersShouldBeUpAsync(node, 1);
        int before = Log(Name).Count;
        using ActorSystem peer = ActorSystem.Create("akkalb", ConfigurationFactory.ParseString($$"""
            akka {
              stdout-loglevel = OFF
              loglevel = OFF
              actor {
                provider = remote
                serializers {
                  strange = "{{typeof(StrangeSerializer).AssemblyQualifiedName}}"
                  ours = "{{typeof(OursSerializer).AssemblyQualifiedName}}"
                }
                serialization-bindings {
                  "{{typeof(Strange).AssemblyQualifiedName}}" = strange
                  "{{typeof(Ours).AssemblyQualifiedName}}" = ours
                }
              }
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            }
            """));
        IActorRef there = ((ExtendedActorSystem)peer).Provider.ResolveActorRef($"{node.Address}/user");
        there.Tell(new Strange());
        await LoggedAsync(Name, "strange-manifest");
        there.Tell(new Ours());
        await LoggedAsync(Name, "ours-manifest");
        there.Tell(new NamedType());
        // JSON, which names the type.
        await LoggedAsync(Name, "serializer id [1]");
        peer.ActorOf(Props.Create<DeployedActor>().WithDeploy(new Deploy(new RemoteScope(Address.Parse(node.Address)))));
        await ShouldLiveAsync(node, before, 4);
        DeployedActor.Made.ShouldBe(0);
        await peer.Terminate();
    }

    private static string Pkcs12(TestCertificates authority, string name) =>
        $$"""tls { certificate = "{{authority.SignFile(name, "secret")}}", password = secret, authority = "{{authority.Authority}}" }""";

    private static async Task<TcpClient> ConnectAsync(ClusterNode node)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Address.Parse(node.Address).Port!.Value);
        return client;
    }

    /// <summary>Sends bytes and waits until the node hangs up.</summary>
    private async Task SendAsync(ClusterNode node, byte[] bytes)
    {
        using TcpClient client = await ConnectAsync(node);
        await client.GetStream().WriteAsync(bytes, Deadline);
        await UntilClosedAsync(client.GetStream());
    }

    /// <summary>Shakes hands as a node does, and waits until the node hangs up.</summary>
    private async Task GreetAsync(ClusterNode node, X509Certificate2? certificate)
    {
        using TcpClient client = await ConnectAsync(node);
        await using SslStream stream = new(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = Name, ClientCertificates = certificate is null ? null : [certificate] },
                Deadline);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return;
        }
        await UntilClosedAsync(stream);
    }

    private async Task UntilClosedAsync(Stream stream)
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, Deadline) > 0)
            {
            }
        }
        catch (IOException)
        {
            // It does not say goodbye to everybody.
        }
    }

    /// <summary>The node answers, and its log has these lines and nothing that is no line of its own.</summary>
    /// <param name="counts">Which lines count; null: all warnings and errors.</param>
    private async Task ShouldLiveAsync(ClusterNode node, int before, int lines, Func<string, bool>? counts = null)
    {
        counts ??= IsWarning;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        string[] since;
        while ((since = [.. Log(Name).Skip(before)]).Count(counts) < lines)
        {
            await timer.WaitForNextTickAsync(Deadline);
        }
        (await Http.GetStringAsync(node.HttpAddress + "/health/live", Deadline)).ShouldBe("ok\n");
        since.Count(counts).ShouldBe(lines, string.Join('\n', since));
        since.ShouldAllBe(line => char.IsAsciiDigit(line[0]), string.Join('\n', since));
    }

    private static bool IsWarning(string line) => line.Contains(" WRN ", StringComparison.Ordinal) || line.Contains(
        " ERR ", StringComparison.Ordinal);

    private sealed record Strange;

    private sealed record Ours;

    private sealed record NamedType;

    /// <summary>One that a node has not.</summary>
    private sealed class StrangeSerializer(ExtendedActorSystem system) : OneManifestSerializer(system, 9999, "strange-manifest");

    /// <summary>One that a node has, with a manifest that it does not know.</summary>
    private sealed class OursSerializer(ExtendedActorSystem system) : OneManifestSerializer(system, 4702, "ours-manifest");

    private abstract class OneManifestSerializer(ExtendedActorSystem system, int id, string manifest) : SerializerWithStringManifest(system)
    {
        public override int Identifier => id;

        public override string Manifest(object o) => manifest;

        public override byte[] ToBinary(object obj) => Encoding.ASCII.GetBytes("anything");

        public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();
    }

    private sealed class DeployedActor : ReceiveActor
    {
        private static int s_made;

        public DeployedActor() => Interlocked.Increment(ref s_made);

        public static int Made => s_made;
    }
}
