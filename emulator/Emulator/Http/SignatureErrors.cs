using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>The errors of requests whose signer is not known, or not let in, as each protocol words them.</summary>
internal static class SignatureErrors
{
    /// <summary>What an unsigned request is told.</summary>
    public static AwsException MissingToken(AwsService service) =>
        IsJson(service)
            ? new("MissingAuthenticationTokenException", "Missing Authentication Token", Status(service))
            : new("MissingAuthenticationToken", "Request is missing Authentication Token", 403);

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

    public static AwsException ExpiredToken(AwsService service) =>
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

    public static AwsException WrongSignature(AwsService service)
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

    public static AwsException NotSigned(string header, AwsService service) =>
        service.Protocols == Protocols.RestXml
            ? new("AccessDenied", "There were headers present in the request which were not signed", 403)
            {
                Details = JsonSerializer.SerializeToElement(
                    new() { ["HeadersNotSigned"] = header.ToLowerInvariant() },
                    AwsJson.Default.DictionaryStringString
                ),
            }
            : new(
                IsJson(service) ? "InvalidSignatureException" : "SignatureDoesNotMatch",
                $"'{(header == "Host" ? "Host' or ':authority" : header)}' must be a 'SignedHeader' in the AWS Authorization.",
                IsJson(service) ? Status(service) : 403
            );

    /// <summary>S3's, with the times that it is about.</summary>
    public static AwsException S3Denial(
        string message,
        Dictionary<string, string>? members,
        params ReadOnlySpan<(string Name, DateTimeOffset Time)> times
    )
    {
        var details = new Dictionary<string, string>(members ?? [], StringComparer.Ordinal);
        foreach (var (name, time) in times)
        {
            details[name] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        return new("AccessDenied", message, 403)
        {
            Details = JsonSerializer.SerializeToElement(details, AwsJson.Default.DictionaryStringString),
        };
    }

    /// <summary>Not let in, in the form in which the service refuses.</summary>
    public static AwsException Refused(AwsService? service, string why) =>
        new(
            service is null || service.Protocols == Protocols.RestXml || service.Protocols.HasFlag(Protocols.Query)
                ? "AccessDenied"
                : "AccessDeniedException",
            why,
            403
        );

    private static bool IsJson(AwsService service) => (service.Protocols & (Protocols.Json | Protocols.RestJson)) != 0;

    private static int Status(AwsService service) => service.Protocols.HasFlag(Protocols.RestJson) ? 403 : 400;
}
