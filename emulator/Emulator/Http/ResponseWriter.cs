using Disa.Emulator.Rooms;
using Microsoft.AspNetCore.Http;

namespace Disa.Emulator.Http;

/// <summary>Writes an answer to its connection.</summary>
internal static class ResponseWriter
{
    /// <summary>In the log only: the caller went away, or its connection was ended.</summary>
    public const int Unanswered = 499;

    public static async Task Send(HttpContext context, WireResponse response, string requestId)
    {
        if (response.Status == Unanswered || context.RequestAborted.IsCancellationRequested)
        {
            LargeBuffer.Release(response.Body);
            return;
        }

        context.Response.StatusCode = response.Status;
        if (!response.HasOwnRequestId)
        {
            context.Response.Headers["x-amzn-RequestId"] = requestId;
        }

        // Whatever an object or an error holds, a browser does not take it for a page of this origin, where the console is; a preflight's
        // answer it shows to nobody.
        if (!response.IsSite && !HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.Headers.ContentSecurityPolicy = "sandbox";
            context.Response.Headers.XContentTypeOptions = "nosniff";
        }

        foreach (var (name, value) in response.Headers)
        {
            // What cannot be in a header must not make the whole answer an empty 500.
            context.Response.Headers.Append(
                name,
                value.Any(char.IsControl) ? string.Concat(value.Select(c => char.IsControl(c) ? ' ' : c)) : value
            );
        }

        if (response.ContentType is { } type)
        {
            context.Response.ContentType = type.Any(char.IsControl) ? "application/octet-stream" : type;
        }

        if (response.Status is 204 or 205 or 304)
        {
            return;
        }

        if (context.Request.Method != "HEAD")
        {
            context.Response.ContentLength = response.Body.Length;
            await Write(context.Response.Body, response.Body).ConfigureAwait(false);
        }
    }

    /// <summary>A slice at a time: Kestrel copies what it is given, all of it.</summary>
    private static async Task Write(Stream stream, ReadOnlyMemory<byte> body)
    {
        const int slice = 256 * 1024;
        try
        {
            for (var at = 0; at < body.Length; at += slice)
            {
                await stream.WriteAsync(body.Slice(at, Math.Min(slice, body.Length - at))).ConfigureAwait(false);
            }
        }
        finally
        {
            LargeBuffer.Release(body);
        }
    }
}
