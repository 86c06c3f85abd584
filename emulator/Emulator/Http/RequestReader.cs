using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Disa.Emulator.Http;

/// <summary>Reads a request from its connection, body and all.</summary>
internal static class RequestReader
{
    /// <summary>The largest body read, in bytes; S3 alone takes more on AWS (5 GB in one request).</summary>
    public const int BodyLimit = 256 * 1024 * 1024;

    /// <exception cref="AwsException">RequestEntityTooLarge.</exception>
    public static async Task<WireRequest> Read(HttpRequest request, string requestId)
    {
        if (request.ContentLength > BodyLimit)
        {
            throw new AwsException("RequestEntityTooLarge", $"The emulator reads bodies of up to {BodyLimit} bytes.", 413);
        }

        if (request.ContentLength == 0)
        {
            await Continue(request).ConfigureAwait(false);
        }

        // Only S3 has large bodies that are not POSTed, and reads them within the request.
        var sent =
            request.ContentLength == 0 ? default
            : request is { Method: "PUT", ContentLength: >= LargeBuffer.Least and var announced }
                ? await RequestBody.ReadLarge(request.Body, (int)announced).ConfigureAwait(false)
            : await RequestBody.Read(request.Body, request.ContentLength, BodyLimit).ConfigureAwait(false);
        if (sent.Length >= LargeBuffer.Least)
        {
            request.HttpContext.Response.OnCompleted(
                static state =>
                {
                    LargeBuffer.Release((ReadOnlyMemory<byte>)state);
                    return Task.CompletedTask;
                },
                sent
            );
        }

        var body = sent;
        if (request.Headers.ContentEncoding == "gzip" && request.Method == "POST")
        {
            body = await RequestBody.Unzip(sent.ToArray(), BodyLimit).ConfigureAwait(false);
        }

        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? raw : raw[..question];
        if (path.StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(path, UriKind.Absolute, out var absolute))
        {
            path = absolute.AbsolutePath;
        }

        return new WireRequest(
            request.Method,
            request.Host.Value ?? "",
            path,
            question < 0 ? "" : raw[(question + 1)..],
            request.Headers,
            body,
            requestId
        )
        {
            Sent = sent,
        };
    }

    /// <summary>No further than what tells the protocol: the body of a stranger is not worth its memory.</summary>
    public static WireRequest ReadHead(HttpRequest request, string requestId) =>
        new(
            request.Method,
            "",
            request.Path.Value ?? "",
            request.QueryString.Value?.TrimStart('?') ?? "",
            request.Headers,
            default,
            requestId
        );

    /// <summary>
    /// Kestrel says 100 Continue only where a body is read. A client that asked for it and sends nothing waits for it too: botocore that gets
    /// a final answer instead cannot read the next one on the connection.
    /// </summary>
    private static async Task Continue(HttpRequest request)
    {
        if (
            request.Headers.Expect == "100-continue"
            && request.Protocol == HttpProtocol.Http11
            && request.HttpContext.Features.Get<IConnectionTransportFeature>()?.Transport.Output is { } output
        )
        {
            await output.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
        }
    }
}
