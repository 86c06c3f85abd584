using System.Net;
using System.Net.Sockets;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.S3;

/// <summary>Two buckets, one versioned, asked with requests as they are on the wire.</summary>
public abstract class WithRawBuckets : IAsyncLifetime
{
    private protected const string MissingId = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    private protected TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await Put("/bucket");
        await Put("/bucket/k", "data");
        await Put("/versioned");
        await Put("/versioned?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        await Put("/versioned/k", "data");
        await Put("/versioned/gone", "data");
        await cloud.Rest(HttpMethod.Delete, "s3", "/versioned/gone");
    }

    public async ValueTask DisposeAsync()
    {
        await cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task Put(string path, string body = "") => cloud.Rest(HttpMethod.Put, "s3", path, body);

    private protected Task<HttpResponseMessage> Head(string path) => Answer(HttpMethod.Head, path);

    private protected async Task<HttpResponseMessage> Answer(HttpMethod method, string path, params (string, string)[] headers)
    {
        using var http = new HttpClient();
        using var request = cloud.Signed(method, "s3", path, "", headers);
        return await http.SendAsync(request);
    }

    private protected async Task<(int Status, string Text)> Send(string method, string path, string headers, string body)
    {
        (string Name, string Value)[] pairs =
        [
            .. headers
                .Split('|', StringSplitOptions.RemoveEmptyEntries)
                .Select(header => (header.Split(": ")[0], header.Split(": ", 2)[1])),
        ];
        using var http = new HttpClient();
        using var request = cloud.Signed(new HttpMethod(method), "s3", path, body, pairs, "application/xml");
        if (pairs.FirstOrDefault(pair => pair.Name == "Content-MD5") is { Value: { } digest })
        {
            request.Content!.Headers.TryAddWithoutValidation("Content-MD5", digest);
        }

        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A request by hand, from a key that is not checked; all that comes until the connection ends.</summary>
    private protected async Task<byte[]> Raw(string head, byte[] value, string? host = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(cloud.Endpoint.Host, cloud.Endpoint.Port);
        var stream = client.GetStream();
        byte[] request =
        [
            .. Encoding.ASCII.GetBytes(head),
            .. value,
            .. Encoding.ASCII.GetBytes(
                $"\r\nHost: {host ?? cloud.Endpoint.Authority}\r\nConnection: {(host is null ? "close" : "keep-alive")}\r\n"
                    + "Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00\r\n\r\n"
            ),
        ];
        await stream.WriteAsync(request);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return answer.ToArray();
    }

    private protected static string Between(string text, string before, string after)
    {
        var from = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[from..text.IndexOf(after, from, StringComparison.Ordinal)];
    }
}
