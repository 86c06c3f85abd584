using System.Globalization;
using System.Text;

namespace Disa.Bench;

/// <summary>
/// A request as bytes, with places for a running number (eight digits, so that its length stays). The signature has the right form
/// and is not computed: for keys that no server issued, none of those measured computes it either.
/// </summary>
internal sealed class Call
{
    private const string Number = "########";

    private readonly byte[] template;
    private readonly int[] places;

    private Call(string host, string method, string path, string service, IEnumerable<string> headers, string body)
    {
        var text =
            $"{method} {path} HTTP/1.1\r\nHost: {host}\r\n"
            + "X-Amz-Date: 20260101T000000Z\r\n"
            + $"Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}\r\n"
            + string.Concat(headers.Select(header => header + "\r\n"))
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";
        template = Encoding.UTF8.GetBytes(text);
        places = [.. Enumerable.Range(0, template.Length).Where(at => template.AsSpan(at).StartsWith(Encoding.ASCII.GetBytes(Number)))];
    }

    /// <summary>AWS JSON: DynamoDB, SQS, Step Functions, Lambda's neighbours.</summary>
    public static Call Json(string host, string service, string version, string target, string body) =>
        new(host, "POST", "/", service, [$"Content-Type: application/x-amz-json-{version}", $"X-Amz-Target: {target}"], body);

    public static Call Dynamo(string host, string operation, string body) =>
        Json(host, "dynamodb", "1.0", "DynamoDB_20120810." + operation, body);

    /// <summary>AWS Query: SNS.</summary>
    public static Call Query(string host, string service, string body) =>
        new(host, "POST", "/", service, ["Content-Type: application/x-www-form-urlencoded"], body);

    /// <summary>REST: S3, Lambda, and the emulator's own paths.</summary>
    public static Call Rest(string host, string service, string method, string path, string body = "", params string[] headers) =>
        new(host, method, path, service, headers, body);

    public int Length => template.Length;

    public byte[] Copy() => (byte[])template.Clone();

    /// <summary>Writes a number at its places.</summary>
    public void Fill(byte[] request, int number)
    {
        foreach (var at in places)
        {
            var rest = number;
            for (var digit = at + Number.Length - 1; digit >= at; digit--)
            {
                request[digit] = (byte)('0' + (rest % 10));
                rest /= 10;
            }
        }
    }
}
