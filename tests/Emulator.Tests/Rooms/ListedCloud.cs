using System.Text.Json;
using System.Xml.Linq;

namespace Disa.Emulator.Tests.Rooms;

/// <summary>A cloud with at least two of everything that can be listed, and one way to ask for any list, whatever the protocol.</summary>
internal sealed class ListedCloud : IAsyncDisposable
{
    public const string OtherAccount = "111111111111";

    /// <summary>By service: the target's prefix (JSON), Query or REST; the member that takes a token, and the one that gives it.</summary>
    private static readonly Dictionary<string, (string Wire, string Token, string Next)> Services = new()
    {
        ["cloudformation"] = ("Query", "NextToken", "NextToken"),
        ["dynamodb"] = ("DynamoDB_20120810", "NextToken", "NextToken"),
        ["events"] = ("AWSEvents", "NextToken", "NextToken"),
        ["iam"] = ("Query", "Marker", "Marker"),
        ["kms"] = ("TrentService", "Marker", "NextMarker"),
        ["lambda"] = ("REST", "Marker", "NextMarker"),
        ["logs"] = ("Logs_20140328", "nextToken", "nextToken"),
        ["monitoring"] = ("GraniteServiceVersion20100801", "NextToken", "NextToken"),
        ["s3"] = ("REST", "continuation-token", "NextContinuationToken"),
        ["scheduler"] = ("REST", "NextToken", "NextToken"),
        ["secretsmanager"] = ("secretsmanager", "NextToken", "NextToken"),
        ["sns"] = ("Query", "NextToken", "NextToken"),
        ["sqs"] = ("AmazonSQS", "NextToken", "NextToken"),
        ["ssm"] = ("AmazonSSM", "NextToken", "NextToken"),
        ["states"] = ("AWSStepFunctions", "nextToken", "nextToken"),
    };

    /// <summary>What stands in the tables for a name that is known only once it is made.</summary>
    private readonly Dictionary<string, string> names;

    private readonly HttpClient http = new();

    private ListedCloud(TestCloud cloud, Dictionary<string, string> names) => (Cloud, this.names) = (cloud, names);

    public TestCloud Cloud { get; }

    public static async Task<ListedCloud> Make(string directory)
    {
        var listed = new ListedCloud(await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }), []);
        await new ListedResources(listed.Cloud, listed.names).Make();
        return listed;
    }

    /// <summary>With logs and workflows alone, in memory.</summary>
    public static async Task<ListedCloud> MakeLogsAndWorkflows()
    {
        var listed = new ListedCloud(await TestCloud.Start(), []);
        await new ListedResources(listed.Cloud, listed.names).MakeLogsAndWorkflows();
        return listed;
    }

    /// <summary>The same after a restart.</summary>
    public async Task<ListedCloud> Restart(string directory)
    {
        await DisposeAsync();
        return new(await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }), names);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return Cloud.DisposeAsync();
    }

    /// <summary>Asks for a list.</summary>
    /// <param name="operation">Its name; of a REST service the path.</param>
    /// <param name="parameters"><c>name=value</c>, with <c>&amp;</c> between them.</param>
    /// <param name="token">Where to go on.</param>
    public Task<(int Status, string Text)> Ask(string service, string operation, string parameters, string? token, string? account = null)
    {
        var (wire, member, _) = Services[service];
        var all = names
            .Aggregate(parameters, (text, name) => text.Replace($"${name.Key}", name.Value, StringComparison.Ordinal))
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: pair[0], Value: pair.Length > 1 ? pair[1] : ""))
            .Concat(token is null ? [] : [(member, token)])
            .ToList();
        return wire switch
        {
            "REST" => Rest(service, $"{operation}?{Form(all)}", account),
            "Query" => Cloud.Send(
                HttpMethod.Post,
                service,
                "/",
                $"Action={operation}&{Form(all)}",
                "application/x-www-form-urlencoded",
                account
            ),
            _ => Cloud.Send(
                HttpMethod.Post,
                service,
                "/",
                $"{{{string.Join(',', all.Select(pair => $"{Json(pair.Name)}:{(pair.Name == member ? Json(pair.Value) : Value(pair.Value))}"))}}}",
                "application/x-amz-json-1.1",
                account,
                ("X-Amz-Target", $"{wire}.{operation}")
            ),
        };
    }

    /// <summary>Of a service that speaks AWS JSON: how its targets begin.</summary>
    public static string Target(string service) => Services[service].Wire;

    /// <summary>The token in an answer, or null.</summary>
    public static string? Next(string service, string operation, string answer)
    {
        var next =
            operation == "GetLogEvents" ? "nextForwardToken"
            : service == "s3" && operation == "/" ? "ContinuationToken"
            : Services[service].Next;
        return answer.StartsWith('<')
                ? XDocument.Parse(answer).Descendants().FirstOrDefault(element => element.Name.LocalName == next)?.Value
            : JsonElement.Parse(answer).TryGetProperty(next, out var token) ? token.GetString()
            : null;
    }

    /// <summary>With the name of an error, which REST-JSON has in a header.</summary>
    private async Task<(int Status, string Text)> Rest(string service, string path, string? account)
    {
        using var request = Cloud.Signed(HttpMethod.Get, service, path, "", [], accessKey: account);
        using var response = await http.SendAsync(request);
        var error = response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? string.Concat(types) : "";
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync() + error);
    }

    private static string Form(IEnumerable<(string Name, string Value)> pairs) =>
        string.Join('&', pairs.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"));

    private static string Value(string text) => int.TryParse(text, out _) || text is "true" or ['[', ..] ? text : Json(text);

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
