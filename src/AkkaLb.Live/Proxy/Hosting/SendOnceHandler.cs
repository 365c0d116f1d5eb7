using System.Net;
using System.Net.Http;
using Microsoft.Net.Http.Headers;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// Gives requests without a body an empty one. SocketsHttpHandler sends a request without content up to four times over HTTP/1.1, whatever
/// its method is, while no byte of an answer has come; who sends again here is the retry budget alone. Servers see 'Content-Length: 0', but
/// of upgrades, as some servers of WebSockets take no such header.
/// </summary>
internal sealed class SendOnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null && request.Version.Major == 1)
        {
            request.Content = new NoContent(isUpgrade: request.Headers.NonValidated.Contains(HeaderNames.Upgrade));
            // There is nothing to hold back.
            request.Headers.ExpectContinue = null;
        }
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>
    /// To be called while headers are written, those of the content last: a length has to be there until then, or the content would be sent
    /// in chunks.
    /// </summary>
    public static void Writing(HttpRequestMessage request)
    {
        if (request.Content is NoContent { IsUpgrade: true } content)
        {
            content.Headers.ContentLength = null;
        }
    }

    /// <summary>Writes nothing, and so leaves the headers alone for the one write that sends them.</summary>
    private sealed class NoContent(bool isUpgrade) : HttpContent
    {
        public bool IsUpgrade => isUpgrade;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }
}
