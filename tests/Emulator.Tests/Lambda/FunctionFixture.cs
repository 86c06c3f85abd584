using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Small functions, and the calls that make and invoke them.</summary>
internal static class FunctionFixture
{
    public const string Role = "arn:aws:iam::000000000000:role/test";

    public const string Logging = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

    public static bool HasPython => OnPath("python3");

    public static bool HasNode => OnPath("node");

    public static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = unchecked((int)(0x81EDu << 16));
                using var stream = entry.Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return memory.ToArray();
    }

    /// <summary>A Python function <c>index.handler</c>, active.</summary>
    public static Task<JsonElement> CreatePython(this TestCloud cloud, string name, string code, string settings = "") =>
        cloud.CreateFunction(name, "python3.12", "index.handler", Zip(("index.py", code)), settings);

    public static async Task<JsonElement> CreateFunction(
        this TestCloud cloud,
        string name,
        string runtime,
        string handler,
        byte[] zip,
        string settings = ""
    )
    {
        await cloud.EnsureRole();
        var created = JsonElement.Parse(
            await cloud.Rest(
                HttpMethod.Post,
                "lambda",
                "/2015-03-31/functions",
                $$"""{"FunctionName":"{{name}}","Runtime":"{{runtime}}","Handler":"{{handler}}","Role":"{{Role}}","Code":{"ZipFile":"{{Convert.ToBase64String(zip)}}"}{{(settings.Length > 0 ? "," + settings : "")}}}"""
            )
        );
        await cloud.Settled(name);
        return created;
    }

    public static async Task EnsureRole(this TestCloud cloud)
    {
        try
        {
            await cloud.Query(
                "iam",
                "CreateRole",
                ("Version", "2010-05-08"),
                ("RoleName", "test"),
                (
                    "AssumeRolePolicyDocument",
                    """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"""
                )
            );
            await cloud.Query("iam", "AttachRolePolicy", ("RoleName", "test"), ("PolicyArn", Logging));
        }
        catch (TestAwsException exists) when (exists.Body.Contains("EntityAlreadyExists"))
        {
            // An earlier function of the test made it.
        }
    }

    /// <summary>Completes when the function is active and its last update is done.</summary>
    public static async Task Settled(this TestCloud cloud, string name)
    {
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        var configuration = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", $"/2015-03-31/functions/{name}/configuration"));
        Assert.Equal("Active", configuration.GetProperty("State").GetString());
        Assert.Equal("Successful", configuration.GetProperty("LastUpdateStatus").GetString());
    }

    public static async Task<InvokeResult> Invoke(
        this TestCloud cloud,
        string name,
        string payload = "{}",
        params (string, string)[] headers
    )
    {
        using var request = cloud.Signed(
            HttpMethod.Post,
            "lambda",
            $"/2015-03-31/functions/{Uri.EscapeDataString(name)}/invocations",
            payload,
            headers
        );
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var response = await http.SendAsync(request);
        return new InvokeResult(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("X-Amz-Function-Error", out var error) ? error.Single() : null,
            response.Headers.TryGetValues("X-Amz-Log-Result", out var log)
                ? Encoding.UTF8.GetString(Convert.FromBase64String(log.Single()))
                : "",
            response.Headers.TryGetValues("X-Amz-Executed-Version", out var version) ? version.Single() : null
        );
    }

    public static async Task<IReadOnlyList<string>> LogMessages(this TestCloud cloud, string function, string pattern = "")
    {
        var found = await cloud.Json(
            "logs",
            "Logs_20140328.FilterLogEvents",
            JsonSerializer.Serialize(new { logGroupName = "/aws/lambda/" + function, filterPattern = pattern })
        );
        return [.. found.GetProperty("events").EnumerateArray().Select(log => log.GetProperty("message").GetString()!)];
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, program)));
}

internal sealed record InvokeResult(int Status, string Payload, string? FunctionError, string Log, string? Version)
{
    public JsonElement Json => JsonElement.Parse(Payload);
}
