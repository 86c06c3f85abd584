using System.Globalization;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.CloudFormation;

/// <summary><c>AWS::CloudFormation::CustomResource</c> and <c>Custom::…</c>: made by a function, or by a subscriber of a topic, which answers at an address.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html</remarks>
internal sealed class CustomResource(string type, ServiceCalls calls, Callbacks callbacks, Clock clock) : IResource
{
    public const string Name = "AWS::CloudFormation::CustomResource";
    private const int LongestTimeout = 3600;
    private const int LongestId = 1024;

    public string Type => type;

    public bool TakesAny => true;

    /// <summary>The calls to the function or the topic ask for the caller's rights themselves.</summary>
    public ResourceActions? Actions => new("", "", "");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule> { ["ServiceToken"] = new(Required: true), ["ServiceTimeout"] = new() };

    public IReadOnlyCollection<string> Attributes => [];

    /// <summary>Whether a type is a template's own: <c>Custom::</c> and up to 60 characters in all.</summary>
    public static bool IsName(string type) =>
        type.StartsWith("Custom::", StringComparison.Ordinal)
        && type.Length is > 8 and <= 60
        && type[8..].All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '@' or '-');

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) => Ask("Create", request, cancellation);

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Token(request.Properties) == Token(request.PreviousProperties)
            ? Ask("Update", request, cancellation)
            : throw new AwsException("ValidationError", "Modifying service token is not allowed.");

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => Ask("Delete", request, cancellation);

    private async Task<ResourceState> Ask(string requestType, ResourceRequest request, CancellationToken cancellation)
    {
        var requestId = Guid.NewGuid().ToString();
        var (url, answer) = callbacks.Await(requestId);
        var usual = requestType == "Create" ? request.GenerateName(LongestId) : request.PhysicalId;
        try
        {
            await Send(Event(requestType, request, requestId, url), request, cancellation).ConfigureAwait(false);
            var body = await answer.WaitAsync(Timeout(request), clock, cancellation).ConfigureAwait(false);
            return Read(body, request, requestId, requestType);
        }
        catch (TimeoutException)
        {
            throw new AwsException(
                "Timeout",
                $"CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [{requestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version."
            )
            {
                LeftBehind = usual,
            };
        }
        finally
        {
            callbacks.Forget(requestId);
        }
    }

    private Task<JsonElement> Send(string message, ResourceRequest request, CancellationToken cancellation)
    {
        var token = Token(request.Properties);
        return Arn.TryParse(token) switch
        {
            { Service: "lambda" } => calls.Call(
                "lambda",
                "Invoke",
                Members(("FunctionName", token), ("InvocationType", "Event")),
                request.Caller,
                cancellation,
                Encoding.UTF8.GetBytes(message)
            ),
            { Service: "sns" } => calls.Call(
                "sns",
                "Publish",
                Members(("TopicArn", token), ("Subject", "AWS CloudFormation custom resource request"), ("Message", message)),
                request.Caller,
                cancellation
            ),
            _ => throw new AwsException("ValidationError", "Invalid service token."),
        };
    }

    private string Event(string requestType, ResourceRequest request, string requestId, string url)
    {
        var properties = Node.FromJson(request.Properties);
        List<Entry> members =
        [
            Text("RequestType", requestType),
            Text("ServiceToken", Token(request.Properties)),
            Text("ResponseURL", url),
            Text("StackId", request.StackId),
            Text("RequestId", requestId),
            Text("LogicalResourceId", request.LogicalId),
        ];
        if (request.PhysicalId is { } id)
        {
            members.Add(Text("PhysicalResourceId", id));
        }

        members.Add(Text("ResourceType", type));
        members.Add(new Entry("ResourceProperties", default, Texts(properties)));
        if (requestType == "Update")
        {
            members.Add(new Entry("OldResourceProperties", default, Texts(Node.FromJson(request.PreviousProperties))));
        }

        return new MapNode(members, default).ToJsonText();
    }

    private static ResourceState Read(byte[] body, ResourceRequest request, string requestId, string requestType)
    {
        if (body.Length > Callbacks.Limit)
        {
            throw Invalid("Response object is too long.", request, requestType);
        }

        JsonElement root;
        try
        {
            using var json = JsonInput.Document(body);
            root = json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Invalid("Invalid response object: the response is not valid JSON", request, requestType);
        }

        var id = root.ValueKind == JsonValueKind.Object ? Member(root, "PhysicalResourceId") : null;
        if (id is not { Length: > 0 and <= LongestId })
        {
            throw Invalid("Invalid PhysicalResourceId", request, requestType);
        }

        if (
            Member(root, "RequestId") != requestId
            || Member(root, "StackId") != request.StackId
            || Member(root, "LogicalResourceId") != request.LogicalId
            || Member(root, "Status") is not ("SUCCESS" or "FAILED")
        )
        {
            throw Invalid(
                "Invalid response object: Status, RequestId, StackId or LogicalResourceId is not that of the request",
                request,
                requestType
            );
        }

        return Member(root, "Status") == "SUCCESS"
            ? new ResourceState(id, Data(root)) { NoEcho = IsSecret(root) }
            : throw new AwsException(
                "Failed",
                $"Received response status [FAILED] from custom resource. Message returned: {Member(root, "Reason")} (RequestId: {requestId})"
            )
            {
                LeftBehind = id,
            };
    }

    /// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html</remarks>
    private static bool IsSecret(JsonElement root) =>
        root.TryGetProperty("NoEcho", out var given)
        && (
            given.ValueKind == JsonValueKind.True
            || (given.ValueKind == JsonValueKind.String && given.GetString()!.Equals("true", StringComparison.OrdinalIgnoreCase))
        );

    private static Dictionary<string, JsonElement> Data(JsonElement root)
    {
        var data = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (root.TryGetProperty("Data", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            Add("", given);
        }

        return data;

        // GetAtt reaches what lies deeper by its path.
        void Add(string prefix, JsonElement value)
        {
            foreach (var member in value.EnumerateObject())
            {
                data[prefix + member.Name] = member.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                    ? JsonSerializer.SerializeToElement(Node.FromJson(member.Value).ToString(), AwsJson.Default.String)
                    : member.Value.Clone();
                if (member.Value.ValueKind == JsonValueKind.Object)
                {
                    Add($"{prefix}{member.Name}.", member.Value);
                }
            }
        }
    }

    private static AwsException Invalid(string message, ResourceRequest request, string requestType) =>
        new("ValidationError", message) { LeftBehind = requestType == "Create" ? request.GenerateName(LongestId) : request.PhysicalId };

    private static TimeSpan Timeout(ResourceRequest request)
    {
        if (!request.Properties.TryGetProperty("ServiceTimeout", out var given))
        {
            return TimeSpan.FromSeconds(LongestTimeout);
        }

        return
            int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 1 and <= LongestTimeout
            ? TimeSpan.FromSeconds(seconds)
            : throw new AwsException(
                "ValidationError",
                $"Value of property ServiceTimeout must be an integer between 1 and {LongestTimeout}"
            );
    }

    /// <summary>Numbers and booleans travel as text.</summary>
    private static Node Texts(Node node) =>
        node switch
        {
            TextNode text => TextNode.Of(text.Text),
            ListNode list => new ListNode([.. list.Items.Select(Texts)], default),
            MapNode map => new MapNode([.. map.Entries.Select(entry => entry with { Value = Texts(entry.Value) })], default),
            _ => node,
        };

    private static Entry Text(string name, string value) => new(name, default, TextNode.Of(value));

    private static string Members(params (string Name, string Value)[] members) =>
        JsonSerializer.Serialize(
            members.ToDictionary(member => member.Name, member => member.Value),
            AwsJson.Default.DictionaryStringString
        );

    private static string Token(JsonElement properties) => properties.TryGetProperty("ServiceToken", out var token) ? token.ToString() : "";

    private static string? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
