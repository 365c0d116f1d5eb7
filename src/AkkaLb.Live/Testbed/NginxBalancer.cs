using System.Text;

namespace AkkaLb.Live.Testbed;

/// <summary>nginx with one worker, connections to servers that stay open, and another server after a failed connection.</summary>
internal sealed class NginxBalancer(string program, string method) : IBalancer
{
    private const string File = "nginx.conf";

    /// <summary>By the contender's name, the line of the upstream that chooses how; none is round robin.</summary>
    public static readonly IReadOnlyDictionary<string, string> Methods = new Dictionary<string, string>
    {
        ["nginx-least_conn"] = "least_conn;",
        ["nginx-roundrobin"] = "",
        ["nginx-random-two"] = "random two least_conn;",
    };

    public BalancerStart Prepare(BalancerPlace place)
    {
        StringBuilder upstream = new();
        for (int i = 0; i < place.Servers.Count; i++)
        {
            upstream.Append($"server {place.Servers[i]} weight={place.Weights[i]} max_fails=2 fail_timeout=1s; ");
        }
        string text = $$"""
            daemon off;
            worker_processes 1;
            pid {{place.FileIn("nginx.pid")}};
            error_log {{place.FileIn("error.log")}} warn;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{place.FileIn("body")}};
              proxy_temp_path {{place.FileIn("proxy")}};
              fastcgi_temp_path {{place.FileIn("fastcgi")}};
              uwsgi_temp_path {{place.FileIn("uwsgi")}};
              scgi_temp_path {{place.FileIn("scgi")}};
              keepalive_requests 1000000;
              upstream servers {
                {{method}}
                {{upstream}}
                keepalive 256;
                keepalive_requests 1000000;
              }
              server {
                listen 127.0.0.1:{{place.Port}};
                location / {
                  proxy_pass http://servers;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_connect_timeout 1s;
                  proxy_read_timeout 60s;
                }
              }
            }

            """;
        return new BalancerStart(
            program, ["-p", place.Folder, "-e", place.FileIn("error.log"), "-c", place.FileIn(File)],
            new Dictionary<string, string> { [File] = text });
    }
}
