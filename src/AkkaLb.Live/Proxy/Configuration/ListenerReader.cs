using System.Net;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Proxy.Configuration;

/// <summary>Reads <c>akkalb.proxy.listeners</c> and <c>akkalb.proxy.admin</c>.</summary>
internal static class ListenerReader
{
    private const string Admin = $"{ProxyReader.Section}.admin";

    public static ListenerOptions Read(SectionReader reader, string name)
    {
        string section = ProxyReader.Key($"{ProxyReader.Section}.listeners", name);
        (IPEndPoint end, bool tls) = EndPoint(reader, $"{section}.address");
        string certificate = Existing(reader, $"{section}.certificate"), key = Existing(reader, $"{section}.key");
        if (tls != certificate.Length > 0)
        {
            reader.Problem(
                $"{section}.certificate", tls ? "the file of a certificate, as the address is https" : "nothing, as the address is http");
        }
        return new ListenerOptions(
            name, end, tls,
            reader.Choice(
                $"{section}.protocols",
                ("http1+2", ListenerProtocols.Http1And2), ("http1", ListenerProtocols.Http1), ("http2", ListenerProtocols.Http2)),
            certificate, key, reader.Text($"{section}.password"));
    }

    /// <returns>Null: none.</returns>
    public static AdminOptions? ReadAdmin(SectionReader reader)
    {
        if (reader.Text($"{Admin}.address").Length == 0)
        {
            return null;
        }
        (IPEndPoint end, bool tls) = EndPoint(reader, $"{Admin}.address");
        // A variable of the environment that was read from a file ends with a line break, which no header can have.
        string token = reader.Text($"{Admin}.token").Trim();
        if (tls)
        {
            reader.Problem($"{Admin}.address", "http://HOST:PORT");
        }
        if (!IPAddress.IsLoopback(end.Address) && token.Length == 0)
        {
            reader.Problem($"{Admin}.token", "a token, as the admin address is not loopback");
        }
        return new AdminOptions(end, token);
    }

    /// <summary>An address of this machine to listen on.</summary>
    private static (IPEndPoint EndPoint, bool Tls) EndPoint(SectionReader reader, string key)
    {
        if (Uri.TryCreate(reader.Text(key), UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            && address.AbsolutePath == "/")
        {
            string host = address.IdnHost;
            if (host == "localhost")
            {
                return (new IPEndPoint(IPAddress.Loopback, address.Port), address.Scheme == "https");
            }
            if (IPAddress.TryParse(host, out IPAddress? ip))
            {
                return (new IPEndPoint(ip, address.Port), address.Scheme == "https");
            }
        }
        reader.Problem(key, "http://ADDRESS:PORT or https://ADDRESS:PORT with an IP address of this machine");
        return (new IPEndPoint(IPAddress.Loopback, 0), false);
    }

    private static string Existing(SectionReader reader, string key)
    {
        string path = reader.Text(key);
        if (path.Length > 0 && !File.Exists(path))
        {
            reader.Problem(key, "a file that is there");
        }
        return path;
    }
}
