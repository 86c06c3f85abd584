using System.Text;
using System.Text.Json;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>What a function answers, as its URL gives it to the client.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload.</remarks>
internal static class UrlAnswer
{
    private const string Json = "application/json";

    /// <summary>Those of one connection, and the length, which is counted here.</summary>
    private static readonly string[] NotPassedOn =
    [
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-amzn-requestid",
    ];

    /// <summary>A function that failed, and one whose answer is none.</summary>
    public static SiteResponse BadGateway { get; } = new(502, [("content-type", Json)], "Internal Server Error"u8.ToArray());

    public static SiteResponse Of(ReadOnlyMemory<byte> payload)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(payload.IsEmpty ? "null"u8.ToArray() : payload);
        }
        catch (JsonException)
        {
            return BadGateway;
        }

        using (json)
        {
            var answer = json.RootElement;
            return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("statusCode", out var status)
                ? Structured(answer, status)
                : new SiteResponse(200, [("content-type", Json)], Bytes(answer));
        }
    }

    private static SiteResponse Structured(JsonElement answer, JsonElement status)
    {
        if (
            !(status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var code))
            && !(status.ValueKind == JsonValueKind.String && int.TryParse(status.GetString(), out code))
        )
        {
            return BadGateway;
        }

        if (code is < 200 or > 599)
        {
            return BadGateway;
        }

        List<(string Name, string Value)> headers = [];
        if (answer.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            headers.AddRange(
                given.EnumerateObject().Where(header => IsName(header.Name)).Select(header => (header.Name, Text(header.Value)))
            );
        }

        if (answer.TryGetProperty("cookies", out var cookies) && cookies.ValueKind == JsonValueKind.Array)
        {
            headers.AddRange(cookies.EnumerateArray().Select(cookie => ("set-cookie", Text(cookie))));
        }

        if (!headers.Exists(header => header.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add(("content-type", Json));
        }

        if (!answer.TryGetProperty("body", out var body))
        {
            return new SiteResponse(code, headers, default);
        }

        if (answer.TryGetProperty("isBase64Encoded", out var encoded) && encoded.ValueKind == JsonValueKind.True)
        {
            try
            {
                return new SiteResponse(code, headers, Convert.FromBase64String(Text(body)));
            }
            catch (FormatException)
            {
                return BadGateway;
            }
        }

        return new SiteResponse(code, headers, body.ValueKind == JsonValueKind.Null ? default : Bytes(body));
    }

    private static bool IsName(string name) =>
        name.Length > 0
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
        && !NotPassedOn.Contains(name.ToLowerInvariant());

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>A text as it is, anything else as JSON.</summary>
    private static ReadOnlyMemory<byte> Bytes(JsonElement value) => Encoding.UTF8.GetBytes(Text(value));
}
