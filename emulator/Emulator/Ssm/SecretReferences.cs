using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Ssm;

/// <summary>Secrets of Secrets Manager, read as parameters: <c>/aws/reference/secretsmanager/name</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html</remarks>
internal sealed class SecretReferences(ServiceDirectory services)
{
    private const string Prefix = "/aws/reference/secretsmanager/";

    public static bool IsOne(string? name) => name?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <exception cref="AwsException">ValidationException, ParameterNotFound.</exception>
    public async Task<ParameterView> Read(string name, bool decrypted, Caller caller, CancellationToken cancellation)
    {
        if (!decrypted)
        {
            throw SsmErrors.Invalid("WithDecryption flag must be True for retrieving a Secret Manager secret.");
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var path = colon < 0 ? name : name[..colon];
        var selector = colon < 0 ? null : name[(colon + 1)..];
        var answer = await Secret(path, selector, caller, cancellation).ConfigureAwait(false);
        return new()
        {
            Name = path,
            Type = ParameterVersion.SecureString,
            Value = answer.GetProperty("SecretString").GetString()!,
            Version = 0,
            Selector = selector is null ? null : ":" + selector,
            SourceResult = answer.GetRawText(),
            LastModifiedDate = DateTimeOffset.FromUnixTimeMilliseconds((long)(answer.GetProperty("CreatedDate").GetDouble() * 1000)),
            Arn = Arn.Of("ssm", caller.Scope, "parameter" + path),
            DataType = "text",
        };
    }

    private async Task<JsonElement> Secret(string path, string? selector, Caller caller, CancellationToken cancellation)
    {
        var service = services.Find("secretsmanager");
        var operation = service.Find("GetSecretValue");
        var members = new Dictionary<string, string> { ["SecretId"] = path[Prefix.Length..] };
        if (selector is not null)
        {
            members[Guid.TryParse(selector, out _) ? "VersionId" : "VersionStage"] = selector;
        }

        var request = JsonSerializer.SerializeToElement(members, AwsJson.Default.DictionaryStringString).Deserialize(operation.Request)!;
        try
        {
            if (services.Rights is { } rights)
            {
                service.Check(operation, request, caller, rights);
            }

            var output = await service.Call(operation, request, caller, cancellation).ConfigureAwait(false);
            var answer = JsonSerializer.SerializeToElement(output, operation.Response!);
            return answer.TryGetProperty("SecretString", out _)
                ? answer
                : throw new AwsException("ParameterNotFound", Failure($"Secret {path} has no string value."));
        }
        catch (AwsException missing) when (missing.Code == "ResourceNotFoundException")
        {
            throw new AwsException("ParameterNotFound", Failure($"Secret {path} not found."));
        }
    }

    private static string Failure(string what) => $"An error occurred (ParameterNotFound) when referencing Secrets Manager: {what}";
}
