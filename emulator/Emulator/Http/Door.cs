using System.Net;
using Microsoft.AspNetCore.Http;

namespace Disa.Emulator.Http;

/// <summary>
/// Keeps web pages of other sites out: whoever opens one in a browser on this machine lends it the browser's way to loopback
/// addresses, and keys that were not issued here need no secret. SDKs and command lines send none of what is looked at here
/// but <c>Host</c>.
/// </summary>
/// <param name="allowedHosts">Names that this emulator is reached by beyond this machine's own; one that begins with a dot stands for all below it.</param>
/// <param name="takesPlainNames">Whether a name without a dot may come in, which no foreign site has.</param>
internal sealed class Door(IReadOnlyList<string> allowedHosts, bool takesPlainNames = false)
{
    /// <summary>For servers that are reached by their address only.</summary>
    public static readonly Door Closed = new([]);

    /// <summary>For the runtime API, whose clients write what they like into <c>Host</c>.</summary>
    public static readonly Door OfRuntimes = new([], takesPlainNames: true);

    /// <summary>Why a request is not answered; null where it is.</summary>
    /// <remarks>
    /// A name that someone else's DNS server answers for can be made to point here (DNS rebinding), and then a browser takes this
    /// server for that site; it cannot with localhost, with an address in place of a name, nor with AWS's own names.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="isSite">
    /// Whether its host is one of a function's URL: pages of other origins may ask there, as on AWS, and what they may see is CORS's matter.
    /// </param>
    public string? Refusal(HttpContext context, bool isSite = false)
    {
        var request = context.Request;
        if (request.Host.HasValue && !IsHere(request.Host.Host.Trim('[', ']'), context.Connection.LocalIpAddress))
        {
            return "The emulator does not answer as the Host of this request. It answers as localhost, as a loopback address, as the address that it listens on, and as the names that --allow-host gave it.";
        }

        if (isSite || IsPreflight(request))
        {
            return null;
        }

        if (
            request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !string.Equals(origin, "http://" + request.Host.Value, StringComparison.OrdinalIgnoreCase)
        )
        {
            return "A web page of another origin (Origin) cannot use the emulator.";
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" or "none" || IsLink(request)
            ? null
            : "A web page of another site (Sec-Fetch-Site) cannot use the emulator.";
    }

    /// <summary>
    /// Whether a browser asks on behalf of a page whether that may ask: it tells the page nothing of the answer, which S3 gives by a bucket's rules,
    /// and changes nothing. What follows it comes to this door as any request.
    /// </summary>
    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && !request.Path.StartsWithSegments("/_disa")
        && !request.Headers.ContainsKey("Authorization");

    /// <summary>Answers what may come in, and the rest with 403 and a line of text.</summary>
    public Func<HttpContext, Task> Before(Func<HttpContext, Task> handle) =>
        async context =>
        {
            if (Refusal(context) is { } refusal)
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync(refusal).ConfigureAwait(false);
                return;
            }

            await handle(context).ConfigureAwait(false);
        };

    private bool IsHere(string host, IPAddress? local)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return IPAddress.IsLoopback(address) || Plain(address).Equals(local is null ? null : Plain(local)) || IsAllowed(host);
        }

        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || EndsWith(host, ".localhost")
            || EndsWith(host, ".amazonaws.com")
            || EndsWith(host, ".amazonaws.com.cn")
            || (takesPlainNames && !host.Contains('.', StringComparison.Ordinal))
            || IsAllowed(host);
    }

    private bool IsAllowed(string host)
    {
        foreach (var allowed in allowedHosts)
        {
            if (allowed.StartsWith('.') ? EndsWith(host, allowed) : host.Equals(allowed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether someone followed a link: to a page, to what a mail offers, or to an object. The page with the link does not see the
    /// answer, and none of these changes anything that the link's own secret does not allow.
    /// </summary>
    private static bool IsLink(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && (!request.Path.StartsWithSegments("/_disa") || request.Path.StartsWithSegments("/_disa/console"))
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document"
        && (
            request.Query["X-Amz-Credential"] is not { Count: > 0 } credential
            || (credential.Count == 1 && credential[0]!.EndsWith("/s3/aws4_request", StringComparison.Ordinal))
        );

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool EndsWith(string host, string end) =>
        host.Length > end.Length && host.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
