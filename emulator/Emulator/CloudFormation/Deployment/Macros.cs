using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Store;
using Disa.Jsonata;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>A macro as it is kept.</summary>
/// <param name="CreatedBy">Which stack step made it: CloudFormation may repeat the step.</param>
internal sealed record MacroDocument(string FunctionName, string CreatedBy);

/// <summary>The account's macros, and what their functions make of templates.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html</remarks>
internal sealed class Macros(Database database, ServiceCalls calls)
{
    public Database Database => database;

    public Shelf<MacroDocument> Shelf { get; } = new(database, "cloudformation.macro", CloudFormationJson.Default.MacroDocument);

    /// <summary>The whole template, as a macro in its Transform section makes it.</summary>
    public Task<Node> Whole(
        string name,
        MapNode template,
        MapNode parameters,
        IReadOnlyDictionary<string, string> values,
        Caller caller,
        CancellationToken cancellation
    ) => Part(name, template, parameters, values, caller, cancellation);

    /// <summary>A part of a template, as a macro called there makes it.</summary>
    /// <exception cref="AwsException">ValidationError: the macro does not exist, or it failed.</exception>
    public async Task<Node> Part(
        string name,
        Node fragment,
        MapNode parameters,
        IReadOnlyDictionary<string, string> values,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (name.StartsWith("AWS::", StringComparison.Ordinal))
        {
            throw AwsException.NotImplemented($"the transform {name}");
        }

        var id = $"{caller.Account}::{name}";
        var macro = Shelf.Get(caller.Scope, name) ?? throw TemplateErrors.Validation($"No transform named {id} found.");
        var requestId = Guid.NewGuid().ToString();
        List<Entry> request =
        [
            Of("accountId", TextNode.Of(caller.Account)),
            Of("fragment", fragment),
            Of("transformId", TextNode.Of(id)),
            Of("requestId", TextNode.Of(requestId)),
            Of("region", TextNode.Of(caller.Region)),
            Of("params", parameters),
            Of("templateParameterValues", new MapNode([.. values.Select(value => Of(value.Key, TextNode.Of(value.Value)))], default)),
        ];
        var payload = await calls
            .Invoke(macro.FunctionName, Encoding.UTF8.GetBytes(new MapNode(request, default).ToJsonText()), caller, cancellation)
            .ConfigureAwait(false);
        return Read(payload, id, requestId);
    }

    private static Node Read(ReadOnlyMemory<byte>? payload, string id, string requestId)
    {
        if (payload is not { } bytes)
        {
            throw TemplateErrors.Validation($"Transform {id} failed without an error message.");
        }

        try
        {
            using var json = JsonInput.Document(bytes, new JsonDocumentOptions { MaxDepth = OwnJson.Depth });
            var root = json.RootElement;
            if (Text(root, "requestId") == requestId && Text(root, "status") is { } status)
            {
                if (!status.Equals("success", StringComparison.OrdinalIgnoreCase))
                {
                    throw TemplateErrors.Validation(
                        Text(root, "errorMessage") is { } why
                            ? $"Transform {id} failed with: {why}."
                            : $"Transform {id} failed without an error message."
                    );
                }

                if (root.TryGetProperty("fragment", out var fragment))
                {
                    return Node.FromJson(fragment);
                }
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw TemplateErrors.Validation($"Received malformed response from transform {id}");
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static Entry Of(string name, Node value) => new(name, default, value);
}
