using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;

namespace Disa.Operations;

/// <summary>
/// Signs what goes to the emulator's own paths, as AWS clients sign the rest, where there is a key that the emulator issued: then it wants
/// to know who administers it. Other keys need no proof, and nothing is signed.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html</remarks>
internal sealed class SigningHandler(AWSCredentials credentials, string region) : DelegatingHandler(new SocketsHttpHandler())
{
    private const string Service = "disa";
    private const int IssuedLength = 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var key = await credentials.GetCredentialsAsync().ConfigureAwait(false);
        var isOwn = request.RequestUri!.AbsolutePath.StartsWith("/_disa/", StringComparison.Ordinal); // A link in a mail carries its own proof.
        if (isOwn && key.AccessKey.Length == IssuedLength && key.AccessKey[..4] is "AKIA" or "ASIA")
        {
            await Sign(request, key, cancellationToken).ConfigureAwait(false);
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task Sign(HttpRequestMessage request, ImmutableCredentials key, CancellationToken cancellation)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{region}/{Service}/aws4_request";
        var uri = request.RequestUri!;
        var hash = Hex(
            SHA256.HashData(request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false))
        );
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        List<string> headers = [$"host:{uri.Authority}", $"x-amz-date:{time}"];
        if (key.Token is { Length: > 0 } token)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);
            headers.Add($"x-amz-security-token:{token}");
        }

        var names = string.Join(';', headers.Select(header => header[..header.IndexOf(':', StringComparison.Ordinal)]));
        var path = string.Join('/', uri.AbsolutePath.Split('/').Select(Uri.EscapeDataString));
        var query = string.Join(
            '&',
            uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Canonical).Order(StringComparer.Ordinal)
        );
        var canonical = $"{request.Method}\n{path}\n{query}\n{string.Concat(headers.Select(header => header + "\n"))}\n{names}\n{hash}";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signing = Encoding.UTF8.GetBytes("AWS4" + key.SecretKey);
        foreach (var part in scope.Split('/'))
        {
            signing = HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(part));
        }

        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={key.AccessKey}/{scope}, SignedHeaders={names}, Signature={Hex(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(toSign)))}"
        );
    }

    private static string Canonical(string pair)
    {
        var parts = pair.Split('=', 2);
        return $"{Encoded(parts[0])}={(parts.Length == 2 ? Encoded(parts[1]) : "")}";
    }

    private static string Encoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
