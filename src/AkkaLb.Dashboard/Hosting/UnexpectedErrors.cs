using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Dashboard.Hosting;

/// <summary>What nobody had expected is logged, and answered all the same.</summary>
internal static class UnexpectedErrors
{
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // The server itself would say nothing, and send none of the headers.
            context.Response.Clear();
            SecurityHeaders.Set(context.Response.Headers);
            if (e is BadHttpRequestException bad)
            {
                context.Response.StatusCode = bad.StatusCode;
                await context.Response.WriteAsync(bad.Message + "\n");
                return;
            }
            DashboardLog.Unanswered(
                context.RequestServices.GetRequiredService<ILogger<DashboardServer>>(), e, context.Request.Path.Value ?? "");
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("Something went wrong here; the program that serves this page has said what.\n");
        }
    }
}
