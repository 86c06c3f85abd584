using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Time;

namespace Disa.Emulator.Tests;

/// <summary>A local cloud of a test's own, in memory unless it asks for a directory, and signed calls to it.</summary>
public sealed class TestCloud : IAsyncDisposable
{
    private readonly HttpClient http = new();

    private TestCloud(LocalCloud cloud) => Cloud = cloud;

    public LocalCloud Cloud { get; }

    /// <summary>The secrets of the access keys whose secret is another than <c>secret</c>.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>Headers that are left out of signatures, as no AWS client leaves them.</summary>
    public HashSet<string> Unsigned { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Uri Endpoint => Cloud.Endpoint;

    public Clock Clock => Cloud.Clock;

    public string Account { get; init; } = "000000000000";

    public string Region { get; init; } = "us-east-1";

    /// <summary>Rooms by themselves, where everybody may do everything.</summary>
    public static async Task<TestCloud> Start(LocalCloudOptions? options = null) =>
        new(await LocalCloud.Start((options ?? new LocalCloudOptions()) with { EnforceIam = false }));

    /// <summary>The same, asked in another Region.</summary>
    public static async Task<TestCloud> StartIn(string region) =>
        new(await LocalCloud.Start(new LocalCloudOptions { EnforceIam = false })) { Region = region };

    /// <summary>With IAM in force, as <c>disa up</c> has it.</summary>
    public static async Task<TestCloud> StartEnforcing() => new(await LocalCloud.Start(new LocalCloudOptions()));

    /// <summary>This cloud, asked in another Region. Disposing of it is the first one's.</summary>
    public TestCloud In(string region) => new(Cloud) { Region = region };

    /// <summary>An AWS JSON call: target such as <c>DynamoDB_20120810.PutItem</c>.</summary>
    public async Task<JsonElement> Json(string service, string target, string body, string? accessKey = null)
    {
        var (status, text) = await Send(
            HttpMethod.Post,
            service,
            "/",
            body,
            "application/x-amz-json-1.0",
            accessKey,
            ("X-Amz-Target", target)
        );
        return status < 300
            ? JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement.Clone()
            : throw new TestAwsException(status, text);
    }

    /// <summary>An AWS Query call; the answer is XML.</summary>
    public async Task<string> Query(string service, string action, params (string Name, string Value)[] parameters)
    {
        var form = string.Join(
            '&',
            parameters.Prepend(("Action", action)).Select(pair => $"{Uri.EscapeDataString(pair.Item1)}={Uri.EscapeDataString(pair.Item2)}")
        );
        var (status, text) = await Send(HttpMethod.Post, service, "/", form, "application/x-www-form-urlencoded");
        return status < 300 ? text : throw new TestAwsException(status, text);
    }

    /// <summary>A REST call.</summary>
    public async Task<string> Rest(
        HttpMethod method,
        string service,
        string pathAndQuery,
        string body = "",
        params (string Name, string Value)[] headers
    )
    {
        var (status, text) = await Send(method, service, pathAndQuery, body, "application/json", null, headers);
        return status < 300 ? text : throw new TestAwsException(status, text);
    }

    /// <summary>A signed request; the answer's status and text. The secret is <c>secret</c>.</summary>
    public async Task<(int Status, string Text)> Send(
        HttpMethod method,
        string service,
        string pathAndQuery,
        string body,
        string contentType,
        string? accessKey = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = Signed(method, service, pathAndQuery, body, headers, contentType, accessKey);
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A signed request that is not sent yet: for answers whose headers matter.</summary>
    public HttpRequestMessage Signed(
        HttpMethod method,
        string service,
        string pathAndQuery,
        string body,
        (string Name, string Value)[] headers,
        string contentType = "application/json",
        string? accessKey = null
    )
    {
        var request = new HttpRequestMessage(method, new Uri(Endpoint, pathAndQuery));
        if (body.Length > 0 || method == HttpMethod.Post)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new(contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        Sign(request, accessKey ?? Account, service, body);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Cloud.DisposeAsync();
    }

    private void Sign(HttpRequestMessage request, string accessKey, string service, string body)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        var date = time[..8];
        var payloadHash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        request.Headers.TryAddWithoutValidation("X-Amz-Content-Sha256", payloadHash);
        var uri = request.RequestUri!;
        var query = string.Join(
            '&',
            uri.Query.TrimStart('?')
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Contains('=') ? pair : pair + "=")
                .Order(StringComparer.Ordinal)
        );
        var path = string.Join('/', uri.AbsolutePath.Split('/').Select(Uri.EscapeDataString));
        List<(string Name, string Value)> signed = [("host", uri.Authority)];
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !Unsigned.Contains(name))
            {
                signed.Add((name.ToLowerInvariant(), values.ToString()));
            }
        }

        signed.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        var names = string.Join(';', signed.Select(header => header.Name));
        var canonical =
            $"{request.Method}\n{path}\n{query}\n{string.Concat(signed.Select(header => $"{header.Name}:{header.Value}\n"))}\n{names}\n{payloadHash}";
        var scope = $"{date}/{Region}/{service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + Secrets.GetValueOrDefault(accessKey, "secret"));
        foreach (var part in (string[])[date, Region, service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={accessKey}/{scope}, SignedHeaders={names}, Signature={Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)))}"
        );
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>An error answer, as it came.</summary>
public sealed class TestAwsException(int status, string body) : Exception($"{status} {body}")
{
    public int Status { get; } = status;

    public string Body { get; } = body;
}

/// <summary>The power goes before a chosen write; the same directory opened again is the machine after the restart.</summary>
public sealed class PowerCut(long beforeWrite)
{
    /// <summary>Give it to <see cref="LocalCloudOptions.BeforeWrite"/>.</summary>
    public void BeforeWrite(long number)
    {
        if (number >= beforeWrite)
        {
            Happened.TrySetResult();
            throw new IOException("The power is cut.");
        }
    }

    public TaskCompletionSource Happened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
