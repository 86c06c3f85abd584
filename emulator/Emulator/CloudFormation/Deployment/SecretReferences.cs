using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Jsonata;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Puts secrets in the place of <c>{{resolve:secretsmanager:…}}</c>, for one step: what is kept of the resource has the reference.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html</remarks>
internal sealed class SecretReferences(ServiceCalls calls)
{
    /// <summary>How many parts an ARN has, which colons part as they do what follows.</summary>
    private const int PartsOfArn = 7;

    /// <returns>The request, and the secrets that are in it now: what a refusal says of them is not shown.</returns>
    /// <exception cref="AwsException">A secret is not there, or has no such key.</exception>
    public async Task<(ResourceRequest Request, IReadOnlyCollection<string> Secrets)> Resolve(
        ResourceRequest request,
        CancellationToken cancellation
    )
    {
        if (!DynamicReference.AreIn(request.Properties.GetRawText()))
        {
            return (request, []);
        }

        var properties = Node.FromJson(request.Properties);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, reference) in DynamicReference.In(properties))
        {
            if (reference.Service == DynamicReference.SecretsManager && !known.ContainsKey(reference.Text))
            {
                known[reference.Text] = await Read(reference, request.Caller, cancellation).ConfigureAwait(false);
            }
        }

        return (request with { Properties = DynamicReference.Replace(properties, known).ToJson() }, known.Values);
    }

    private async Task<string> Read(DynamicReference reference, Caller caller, CancellationToken cancellation)
    {
        var parts = reference.Key.Split(':');
        var count = reference.Key.StartsWith("arn:", StringComparison.Ordinal) ? PartsOfArn : 1;
        var members = new Dictionary<string, string> { ["SecretId"] = string.Join(':', parts.Take(count)) };
        var rest = parts.Skip(count).ToArray();
        if (rest is [not ("" or "SecretString"), ..])
        {
            throw TemplateErrors.Validation($"Incorrect format is used in the following Secrets Manager reference: [{reference.Text}]");
        }

        if (rest is [_, _, { Length: > 0 } stage, ..])
        {
            members["VersionStage"] = stage;
        }

        if (rest is [_, _, _, { Length: > 0 } id])
        {
            members["VersionId"] = id;
        }

        var text = await Value(members, caller, cancellation).ConfigureAwait(false);
        return rest is [_, { Length: > 0 } key, ..] ? Member(text, key) : text;
    }

    private async Task<string> Value(Dictionary<string, string> members, Caller caller, CancellationToken cancellation)
    {
        try
        {
            var answer = await calls
                .Call(
                    "secretsmanager",
                    "GetSecretValue",
                    JsonSerializer.Serialize(members, AwsJson.Default.DictionaryStringString),
                    caller,
                    cancellation
                )
                .ConfigureAwait(false);
            return answer.TryGetProperty("SecretString", out var text)
                ? text.GetString()!
                : throw TemplateErrors.Validation("Could not find a SecretString in the secret");
        }
        catch (AwsException failure) when (failure.Code != "ValidationError")
        {
            throw new AwsException(
                failure.Code,
                $"{failure.Message} (Service: AWSSecretsManager; Status Code: {failure.StatusCode}; Error Code: {failure.Code}; Request ID: {caller.RequestId}; Proxy: null)"
            );
        }
    }

    private static string Member(string text, string key)
    {
        try
        {
            using var json = JsonInput.Document(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(key, out var value)
                ? value.ValueKind == JsonValueKind.String
                    ? value.GetString()!
                    : value.GetRawText()
                : throw TemplateErrors.Validation("Could not find a value associated with JSONKey in SecretString");
        }
        catch (JsonException)
        {
            throw TemplateErrors.Validation("Could not parse SecretString JSON");
        }
    }
}
