using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Secrets;

/// <summary>What a template says of a secret's policy.</summary>
internal sealed record SecretPolicyProperties
{
    public string? SecretId { get; init; }

    public JsonElement? ResourcePolicy { get; init; }

    public bool? BlockPublicPolicy { get; init; }
}

/// <summary><c>AWS::SecretsManager::ResourcePolicy</c>: Ref is the secret's ARN.</summary>
internal sealed class SecretPolicyResource(SecretStore secrets) : IResource
{
    public string Type => "AWS::SecretsManager::ResourcePolicy";

    public ResourceActions? Actions =>
        new("secretsmanager:PutResourcePolicy", "secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["SecretId"] = new(UpdateType.Replacement, Required: true),
            ["ResourcePolicy"] = new(Required: true),
            ["BlockPublicPolicy"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id"];

    public JsonTypeInfo Schema => SecretsTemplates.Default.SecretPolicyProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, SecretsTemplates.Default.SecretPolicyProperties);
        var text = wanted.ResourcePolicy is { ValueKind: JsonValueKind.String } written
            ? written.GetString()
            : wanted.ResourcePolicy?.GetRawText();
        var answer = await new ResourcePolicies(secrets)
            .Put(new(wanted.SecretId, text, wanted.BlockPublicPolicy), request.Caller, cancellation)
            .ConfigureAwait(false);
        return ResourceState.Of(answer.Arn, ("Id", answer.Arn));
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) => Create(request, cancellation);

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (secrets.TryFind(request.PhysicalId, request.Caller.Scope) is { DeletedDate: null } secret)
        {
            await new ResourcePolicies(secrets).Delete(new(secret.Arn), request.Caller, cancellation).ConfigureAwait(false);
        }
    }
}
