using System.Net;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

/// <summary>
/// Decides which HTTP and HTTPS endpoints may be posted to: loopback addresses, and the hosts named by <c>disa up --deliver-to</c>. A post to any
/// other host would carry test messages to machines that are not part of the test.
/// </summary>
/// <param name="allowed">Host names; one that begins with a dot stands for all below it.</param>
internal sealed class HttpEndpoints(IReadOnlyList<string> allowed)
{
    private const int LongestUrl = 2048;

    /// <exception cref="AwsException">InvalidParameter: not a URL of the protocol. NotImplemented: not posted to.</exception>
    public void Check(string protocol, string endpoint)
    {
        if (!endpoint.StartsWith(protocol + "://", StringComparison.Ordinal))
        {
            throw SnsErrors.Invalid("Endpoint must match the specified protocol");
        }

        if (endpoint.Length > LongestUrl || endpoint.Any(letter => letter is <= ' ' or > '~') || Parse(endpoint) is not { } url)
        {
            throw SnsErrors.Invalid("Endpoint");
        }

        if (url.UserInfo.Length > 0)
        {
            throw AwsException.NotImplemented(
                "sns:Subscribe with a user name or password in the endpoint (basic and digest authentication)"
            );
        }

        if (!IsAllowed(url))
        {
            throw AwsException.NotImplemented(
                $"sns:Subscribe with an endpoint on {url.IdnHost}: messages are posted to loopback addresses and to the hosts that --deliver-to names"
            );
        }
    }

    public static Uri? Parse(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.IdnHost.Length > 0 ? url : null;

    public bool IsAllowed(Uri url) => IsLoopback(url.IdnHost) || IsNamed(url.IdnHost);

    /// <summary>Where a host is connected to. A name of this machine is never looked up: whatever it is resolved to, it stays here.</summary>
    public async Task<IReadOnlyList<IPAddress>> Addresses(string host, CancellationToken cancellation) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? IsLoopback(host) || IsNamed(host)
                ? [address]
                : []
            : IsLoopback(host)
                ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
                : IsNamed(host)
                    ? await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false)
                    : [];

    private static bool IsLoopback(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? IPAddress.IsLoopback(address)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private bool IsNamed(string host) =>
        allowed.Any(name =>
            name.StartsWith('.')
                ? host.Length > name.Length && host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
                : host.Trim('[', ']').Equals(name, StringComparison.OrdinalIgnoreCase)
        );
}
