using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;

namespace Disa.Emulator.Http;

/// <summary>
/// Checks a signature against the secret of a key that the emulator issued. The time of signing is not compared with the
/// clock, because the emulator's clock can be moved; a presigned URL's end is.
/// </summary>
internal static class SigV4Check
{
    private const int MostSigningKeys = 1000;

    /// <summary>Where a thread writes what it hashes.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private static readonly ConcurrentDictionary<(string Secret, string Date, string Region, string Service), byte[]> SigningKeys = new();

    /// <exception cref="AwsException">The key is unknown or inactive, the session over, or the signature another.</exception>
    public static void Verify(WireRequest request, SigV4 signature, Credential credential, AwsService service, DateTimeOffset now)
    {
        if (
            !credential.Active
            || credential.SecretAccessKey is null
            || (credential.SessionToken is not null && credential.SessionToken != signature.SessionToken)
        )
        {
            throw SignatureErrors.InvalidKey(service);
        }

        if (credential.Expiration <= now)
        {
            throw SignatureErrors.ExpiredToken(service);
        }

        if (signature.Policy is { } policy)
        {
            CheckForm(policy, signature, credential.SecretAccessKey, service);
            return;
        }

        if (signature.IsV2)
        {
            CheckV2(request, signature, credential.SecretAccessKey, service);
            return;
        }

        CheckSignedHeaders(request, signature, service);
        if (signature.Service == "s3" && !signature.InQuery)
        {
            CheckPayloadHash(request);
        }

        var text = scratch ??= new ArrayBufferWriter<byte>(1024);
        text.ResetWrittenCount();
        CanonicalRequest.Write(text, request, signature);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, digest);

        text.ResetWrittenCount();
        CanonicalRequest.Write(
            text,
            "AWS4-HMAC-SHA256\n",
            signature.InQuery ? CanonicalRequest.Query(request, "X-Amz-Date") : request.Header("X-Amz-Date"),
            "\n",
            signature.Date,
            "/",
            signature.Region,
            "/",
            signature.Service,
            "/aws4_request\n"
        );
        CanonicalRequest.WriteHex(text, digest);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(SigningKey(credential.SecretAccessKey, signature), text.WrittenSpan, expected);

        text.ResetWrittenCount();
        CanonicalRequest.WriteHex(text, expected);
        if (!CryptographicOperations.FixedTimeEquals(text.WrittenSpan, Encoding.ASCII.GetBytes(signature.Signature)))
        {
            throw SignatureErrors.WrongSignature(service);
        }
    }

    /// <summary>Of a form, the policy is signed as it is (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html).</summary>
    private static void CheckForm(string policy, SigV4 signature, string secret, AwsService service)
    {
        var text = Encoding.UTF8.GetBytes(policy);
        var expected = signature.IsV2
            ? SigV2.Signature(policy, secret)
            : Convert.ToHexStringLower(HMACSHA256.HashData(SigningKey(secret, signature), text));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(signature.Signature)))
        {
            throw SignatureErrors.WrongSignature(service);
        }
    }

    private static void CheckV2(WireRequest request, SigV4 signature, string secret, AwsService service)
    {
        if (
            !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(SigV2.Signature(request, secret)),
                Encoding.UTF8.GetBytes(signature.Signature)
            )
        )
        {
            throw SignatureErrors.WrongSignature(service);
        }
    }

    /// <summary>A signature is for the service of its scope, whatever the request's headers name.</summary>
    /// <exception cref="AwsException">InvalidSignatureException.</exception>
    public static void CheckScope(SigV4 signature, AwsService service)
    {
        if (signature.Service != service.SigningName)
        {
            throw new AwsException(
                "InvalidSignatureException",
                $"Credential should be scoped to correct service: '{service.SigningName}'. ",
                400
            );
        }
    }

    /// <summary>A header that is not signed could be anybody's: a presigned URL is for what its signer meant, and for nothing else.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: "the host header … and any x-amz-* headers".</remarks>
    private static void CheckSignedHeaders(WireRequest request, SigV4 signature, AwsService service)
    {
        if (!IsSigned(signature, "host"))
        {
            throw SignatureErrors.NotSigned("Host", service);
        }

        foreach (var (name, _) in request.Headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !IsSigned(signature, name))
            {
                throw SignatureErrors.NotSigned(name, service);
            }
        }
    }

    private static bool IsSigned(SigV4 signature, string header)
    {
        var names = signature.SignedHeaders.AsSpan();
        foreach (var range in names.Split(';'))
        {
            if (names[range].Equals(header, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same for a day, a Region and a service.</summary>
    private static byte[] SigningKey(string secret, SigV4 signature)
    {
        var of = (secret, signature.Date, signature.Region, signature.Service);
        if (SigningKeys.TryGetValue(of, out var known))
        {
            return known;
        }

        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (ReadOnlySpan<string>)[signature.Date, signature.Region, signature.Service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        if (SigningKeys.Count >= MostSigningKeys)
        {
            SigningKeys.Clear();
        }

        return SigningKeys[of] = key;
    }

    /// <summary>
    /// Whether a presigned URL is still good, for every key, known or not. Its signer looked at real time: it ends as long after the moment
    /// that the emulator's clock showed then.
    /// </summary>
    /// <exception cref="AwsException">AccessDenied, AuthorizationQueryParametersError.</exception>
    public static void VerifyExpiry(WireRequest request, SigV4 signature, PresignedUrls urls, Clock clock)
    {
        if (signature.IsV2)
        {
            // Says only when it ends: the moment of signing is not in it, and an end that real time has not reached is good by real time.
            CheckEnd(SigV2.Expires(request), clock.Wall.GetUtcNow());
            return;
        }

        if (
            !DateTimeOffset.TryParseExact(
                CanonicalRequest.Query(request, "X-Amz-Date"),
                "yyyyMMdd'T'HHmmss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var signed
            )
            || !int.TryParse(
                CanonicalRequest.Query(request, "X-Amz-Expires"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
        )
        {
            throw new AwsException(
                "AuthorizationQueryParametersError",
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
            );
        }

        if (seconds is < 1 or > 604800)
        {
            throw new AwsException(
                "AuthorizationQueryParametersError",
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"
            );
        }

        CheckEnd(urls.Signed(signature.Signature, signed).AddSeconds(seconds), clock.GetUtcNow(), seconds);
    }

    private static void CheckEnd(DateTimeOffset end, DateTimeOffset now, int? seconds = null)
    {
        if (end < now)
        {
            var life = seconds is { } known ? new Dictionary<string, string> { ["X-Amz-Expires"] = $"{known}" } : null;
            throw SignatureErrors.S3Denial("Request has expired", life, ("Expires", end), ("ServerTime", now));
        }
    }

    private static void CheckPayloadHash(WireRequest request)
    {
        var stated = request.Header("X-Amz-Content-Sha256");
        if (stated.Length == 64 && !string.Equals(stated, CanonicalRequest.Hash(request.Sent.Span), StringComparison.OrdinalIgnoreCase))
        {
            throw new AwsException(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            );
        }
    }
}
