using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Disa.WebConsole;

/// <summary>Keeps pages of other origins out: they can neither read here nor make a browser act here.</summary>
/// <param name="isLocked">Whether only who has the link with the key is let in: other users of this machine reach its loopback addresses too.</param>
internal sealed class Gatekeeper(bool isLocked)
{
    public const string KeyParameter = "key";
    private const string DoorCookie = "disa-console-door";

    public const string TokenField = "token";
    private const string CookieName = "disa-console";

    /// <summary>Of this process: a form of an earlier one is refused.</summary>
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    /// <summary>What opens the door; part of the link that the command prints.</summary>
    public string DoorKey { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Lets in who has the key, and remembers that in a cookie; answers whether the request may go on.</summary>
    public bool LetsIn(HttpContext context, string path)
    {
        if (!isLocked || IsKey(context.Request.Cookies[DoorCookie]))
        {
            return true;
        }

        if (IsKey(context.Request.Query[KeyParameter]))
        {
            context.Response.Headers.Append("Set-Cookie", $"{DoorCookie}={DoorKey}; Path={path}; HttpOnly; SameSite=Strict");
            return true;
        }

        return false;
    }

    /// <summary>Why the request may not be answered; null where it may.</summary>
    /// <remarks>
    /// A name that someone else's DNS server answers for can be made to point here (DNS rebinding), and then the browser takes us for
    /// that site. It cannot with localhost, nor with an address in place of a name.
    /// </remarks>
    public static string? Refusal(HttpContext context)
    {
        var host = context.Request.Host.Host.Trim('[', ']');
        var isHere =
            host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (
                IPAddress.TryParse(host, out var address)
                && (IPAddress.IsLoopback(address) || address.Equals(context.Connection.LocalIpAddress))
            );
        if (!isHere)
        {
            return "This page is answered at localhost, at a loopback address or at the address that it listens on, and at no other name.";
        }

        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && origin != $"http://{context.Request.Host.Value}")
        {
            return "Requests from another origin are refused.";
        }

        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return origin.Length == 0 ? "What changes something must say where it comes from (Origin)."
                : site is not ("" or "same-origin") ? "Changes from another site are refused."
                : null;
        }

        // Another site may link here, but not fetch, frame or embed.
        return site is "cross-site" or "same-site" && context.Request.Headers["Sec-Fetch-Mode"] != "navigate"
            ? "Reads from another site are refused."
            : null;
    }

    /// <summary>Headers of every answer.</summary>
    public static void Harden(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types disa";
        response.Headers.XContentTypeOptions = "nosniff";
        // With no-referrer a browser says "null" where its own form comes from; to other sites this tells nothing either.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.XFrameOptions = "DENY";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>The token of this browser's forms; gives the browser its cookie where it has none.</summary>
    public string Token(HttpContext context, string path)
    {
        if (context.Request.Cookies[CookieName] is not { Length: 43 } cookie)
        {
            cookie = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
            context.Response.Headers.Append("Set-Cookie", $"{CookieName}={cookie}; Path={path}; HttpOnly; SameSite=Strict");
        }

        return Sign(cookie);
    }

    /// <summary>Whether a form came from a page of this process in this browser.</summary>
    public bool Knows(HttpContext context, string? token) =>
        token is not null
        && context.Request.Cookies[CookieName] is { Length: 43 } cookie
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(cookie)), Encoding.ASCII.GetBytes(token));

    private bool IsKey(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(DoorKey));

    private string Sign(string cookie) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(cookie)));
}
