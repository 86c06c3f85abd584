using System.Globalization;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>A request to a function's URL as the function gets it: payload format 2.0.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads.</remarks>
internal static class UrlEvent
{
    /// <param name="caller">Who signed; null for a URL of AuthType NONE.</param>
    public static ReadOnlyMemory<byte> Write(SiteRequest request, string id, Caller? caller, DateTimeOffset now) =>
        JsonText.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("version", "2.0");
            writer.WriteString("routeKey", "$default");
            writer.WriteString("rawPath", Uri.UnescapeDataString(request.Path));
            writer.WriteString("rawQueryString", request.QueryString);
            WriteCookies(writer, request);
            WriteHeaders(writer, request);
            WriteQuery(writer, request);
            WriteContext(writer, request, id, caller, now);
            var isText = IsText(request);
            if (!request.Body.IsEmpty)
            {
                writer.WriteString("body", isText ? Encoding.UTF8.GetString(request.Body.Span) : Convert.ToBase64String(request.Body.Span));
            }

            writer.WriteBoolean("isBase64Encoded", !request.Body.IsEmpty && !isText);
            writer.WriteEndObject();
        });

    /// <summary>As HTTP APIs have it, whose format this is: these types are text, whatever else is Base64.</summary>
    private static bool IsText(SiteRequest request)
    {
        var type = (request.Header("Content-Type") ?? "").Split(';')[0].Trim().ToLowerInvariant();
        return type.StartsWith("text/", StringComparison.Ordinal)
            || type is "application/json" or "application/javascript" or "application/xml";
    }

    private static void WriteCookies(Utf8JsonWriter writer, SiteRequest request)
    {
        var cookies = request
            .Headers.Where(header => IsCookie(header.Name))
            .SelectMany(header => header.Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        if (cookies.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("cookies");
        cookies.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
    }

    private static void WriteHeaders(Utf8JsonWriter writer, SiteRequest request)
    {
        var host = request.Host.Split(':');
        IEnumerable<(string Name, string Value)> added =
        [
            ("x-forwarded-for", request.SourceIp),
            ("x-forwarded-port", host.Length > 1 ? host[1] : "80"),
            ("x-forwarded-proto", "http"),
        ];
        writer.WriteStartObject("headers");
        foreach (
            var same in request
                .Headers.Where(header =>
                    !IsCookie(header.Name) && !added.Any(own => own.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase))
                )
                .Concat(added)
                .GroupBy(header => header.Name.ToLowerInvariant(), header => header.Value, StringComparer.Ordinal)
        )
        {
            writer.WriteString(same.Key, string.Join(',', same));
        }

        writer.WriteEndObject();
    }

    private static void WriteQuery(Utf8JsonWriter writer, SiteRequest request)
    {
        if (request.QueryString.Length == 0)
        {
            return;
        }

        writer.WriteStartObject("queryStringParameters");
        foreach (
            var same in request
                .QueryString.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .GroupBy(pair => Decoded(pair[0]), pair => pair.Length > 1 ? Decoded(pair[1]) : "", StringComparer.Ordinal)
        )
        {
            writer.WriteString(same.Key, string.Join(',', same));
        }

        writer.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter writer, SiteRequest request, string id, Caller? caller, DateTimeOffset now)
    {
        writer.WriteStartObject("requestContext");
        writer.WriteString("accountId", caller?.PrincipalAccount ?? "anonymous");
        writer.WriteString("apiId", id);
        if (caller is not null)
        {
            writer.WriteStartObject("authorizer");
            writer.WriteStartObject("iam");
            writer.WriteString("accessKey", caller.AccessKeyId);
            writer.WriteString("accountId", caller.PrincipalAccount);
            writer.WriteString("callerId", caller.UserId);
            writer.WriteNull("cognitoIdentity");
            writer.WriteNull("principalOrgId");
            writer.WriteString("userArn", caller.Arn);
            writer.WriteString("userId", caller.UserId);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteString("domainName", request.Host.Split(':')[0]);
        writer.WriteString("domainPrefix", id);
        writer.WriteStartObject("http");
        writer.WriteString("method", request.Method);
        writer.WriteString("path", Uri.UnescapeDataString(request.Path));
        writer.WriteString("protocol", request.Protocol);
        writer.WriteString("sourceIp", request.SourceIp);
        writer.WriteString("userAgent", request.Header("User-Agent"));
        writer.WriteEndObject();
        writer.WriteString("requestId", request.RequestId);
        writer.WriteString("routeKey", "$default");
        writer.WriteString("stage", "$default");
        writer.WriteString("time", now.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture));
        writer.WriteNumber("timeEpoch", now.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }

    private static bool IsCookie(string header) => header.Equals("Cookie", StringComparison.OrdinalIgnoreCase);

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
