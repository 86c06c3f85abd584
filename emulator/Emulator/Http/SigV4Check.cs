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
    private const string Unsigned = "UNSIGNED-PAYLOAD";
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
            throw InvalidKey(service);
        }

        if (credential.Expiration <= now)
        {
            throw ExpiredToken(service);
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
        WriteCanonical(text, request, signature);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, digest);

        text.ResetWrittenCount();
        Write(
            text,
            "AWS4-HMAC-SHA256\n",
            signature.InQuery ? Query(request, "X-Amz-Date") : request.Header("X-Amz-Date"),
            "\n",
            signature.Date,
            "/",
            signature.Region,
            "/",
            signature.Service,
            "/aws4_request\n"
        );
        WriteHex(text, digest);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(SigningKey(credential.SecretAccessKey, signature), text.WrittenSpan, expected);

        text.ResetWrittenCount();
        WriteHex(text, expected);
        if (!CryptographicOperations.FixedTimeEquals(text.WrittenSpan, Encoding.ASCII.GetBytes(signature.Signature)))
        {
            throw WrongSignature(service);
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
            throw WrongSignature(service);
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
            throw NotSigned("Host", service);
        }

        foreach (var (name, _) in request.Headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !IsSigned(signature, name))
            {
                throw NotSigned(name, service);
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

    private static AwsException NotSigned(string header, AwsService service) =>
        service.Protocols == Protocols.RestXml
            ? new("AccessDenied", "There were headers present in the request which were not signed", 403)
            {
                Details = System.Text.Json.JsonSerializer.SerializeToElement(
                    new() { ["HeadersNotSigned"] = header.ToLowerInvariant() },
                    AwsJson.Default.DictionaryStringString
                ),
            }
            : new(
                IsJson(service) ? "InvalidSignatureException" : "SignatureDoesNotMatch",
                $"'{(header == "Host" ? "Host' or ':authority" : header)}' must be a 'SignedHeader' in the AWS Authorization.",
                IsJson(service) ? Status(service) : 403
            );

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
                Query(request, "X-Amz-Date"),
                "yyyyMMdd'T'HHmmss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var signed
            ) || !int.TryParse(Query(request, "X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
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

        CheckEnd(urls.Signed(signature.Signature, signed).AddSeconds(seconds), clock.GetUtcNow());
    }

    private static void CheckEnd(DateTimeOffset end, DateTimeOffset now)
    {
        if (end < now)
        {
            throw S3Denial("Request has expired", ("Expires", end), ("ServerTime", now));
        }
    }

    private static AwsException S3Denial(string message, params ReadOnlySpan<(string Name, DateTimeOffset Time)> times)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, time) in times)
        {
            details[name] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        return new("AccessDenied", message, 403)
        {
            Details = System.Text.Json.JsonSerializer.SerializeToElement(details, AwsJson.Default.DictionaryStringString),
        };
    }

    /// <summary>What an unsigned request is told.</summary>
    public static AwsException MissingToken(AwsService service) =>
        IsJson(service)
            ? new("MissingAuthenticationTokenException", "Missing Authentication Token", Status(service))
            : new("MissingAuthenticationToken", "Request is missing Authentication Token", 403);

    /// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html</remarks>
    private static void WriteCanonical(ArrayBufferWriter<byte> text, WireRequest request, SigV4 signature)
    {
        Write(
            text,
            request.Method,
            "\n",
            signature.Service == "s3" ? Encode(Uri.UnescapeDataString(request.Path), keepSlash: true) : EncodeTwice(request.Path),
            "\n"
        );
        if (request.QueryString.Length > 0)
        {
            var query = request
                .QueryString.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Select(pair =>
                    (
                        Name: Encode(Uri.UnescapeDataString(pair[0].Replace('+', ' '))),
                        Value: pair.Length == 2 ? Encode(Uri.UnescapeDataString(pair[1].Replace('+', ' '))) : ""
                    )
                )
                .Where(pair => pair.Name != "X-Amz-Signature")
                .OrderBy(pair => pair.Name, StringComparer.Ordinal)
                .ThenBy(pair => pair.Value, StringComparer.Ordinal);
            Write(text, string.Join('&', query.Select(pair => $"{pair.Name}={pair.Value}")));
        }

        Write(text, "\n");
        var names = signature.SignedHeaders.AsSpan();
        foreach (var range in names.Split(';'))
        {
            var name = names[range];
            Write(text, name);
            Write(text, ":");
            if (name is "host")
            {
                Write(text, request.Host);
            }
            else if (request.Headers.TryGetValue(name.ToString(), out var values))
            {
                for (var i = 0; i < values.Count; i++)
                {
                    Write(text, i == 0 ? "" : ",");
                    text.Write(HeaderText.Bytes(Trimmed(values[i] ?? "")));
                }
            }

            Write(text, "\n");
        }

        Write(text, "\n", signature.SignedHeaders, "\n", PayloadHash(request, signature));
    }

    private static void Write(ArrayBufferWriter<byte> text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            Write(text, part.AsSpan());
        }
    }

    private static void Write(ArrayBufferWriter<byte> text, ReadOnlySpan<char> part) =>
        text.Advance(Encoding.UTF8.GetBytes(part, text.GetSpan(Encoding.UTF8.GetMaxByteCount(part.Length))));

    private static void WriteHex(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, text.GetSpan(bytes.Length * 2), out var written);
        text.Advance(written);
    }

    private static string PayloadHash(WireRequest request, SigV4 signature)
    {
        if (signature.InQuery && signature.Service == "s3")
        {
            return Query(request, "X-Amz-Content-Sha256") is { Length: > 0 } inQuery ? inQuery : Unsigned;
        }

        var stated = request.Header("X-Amz-Content-Sha256");
        return stated.Length > 0 && signature.Service == "s3" ? stated
            : stated == Unsigned ? stated
            : Hash(request.Sent.Span);
    }

    private static void CheckPayloadHash(WireRequest request)
    {
        var stated = request.Header("X-Amz-Content-Sha256");
        if (stated.Length == 64 && !string.Equals(stated, Hash(request.Sent.Span), StringComparison.OrdinalIgnoreCase))
        {
            throw new AwsException(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            );
        }
    }

    /// <summary>Every service but S3 signs the path as it is sent, encoded once more.</summary>
    private static string EncodeTwice(string path) => Encode(path, keepSlash: true);

    private static string Encode(string text, bool keepSlash = false)
    {
        var encoded = Uri.EscapeDataString(text);
        return keepSlash ? encoded.Replace("%2F", "/", StringComparison.Ordinal) : encoded;
    }

    /// <summary>Without spaces around it, and with one where there are several.</summary>
    private static string Trimmed(string value) =>
        value.Length == 0 || (value[0] != ' ' && value[^1] != ' ' && !value.Contains("  ", StringComparison.Ordinal))
            ? value
            : string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Query(WireRequest request, string name) => request.Query().FirstOrDefault(pair => pair.Key == name).Value ?? "";

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>What is told to who signed with a key that nobody has.</summary>
    public static AwsException InvalidKey(AwsService service) =>
        service.Protocols switch
        {
            Protocols.RestXml => new("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
            _ when IsJson(service) => new(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
                Status(service)
            ),
            _ => new("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
        };

    private static AwsException ExpiredToken(AwsService service) =>
        service.Protocols switch
        {
            Protocols.RestXml => new("ExpiredToken", "The provided token has expired."),
            _ when IsJson(service) => new(
                "ExpiredTokenException",
                "The security token included in the request is expired",
                Status(service)
            ),
            _ => new("ExpiredToken", "The security token included in the request is expired", 403),
        };

    private static AwsException WrongSignature(AwsService service)
    {
        const string message =
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
        return service.Protocols == Protocols.RestXml
                ? new(
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
                    403
                )
            : IsJson(service) ? new("InvalidSignatureException", message, Status(service))
            : new("SignatureDoesNotMatch", message, 403);
    }

    private static bool IsJson(AwsService service) => (service.Protocols & (Protocols.Json | Protocols.RestJson)) != 0;

    private static int Status(AwsService service) => service.Protocols.HasFlag(Protocols.RestJson) ? 403 : 400;
}
