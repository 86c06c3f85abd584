using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Secrets;

/// <summary>The rights that Secrets Manager's operations need, on the secret, as its policy says too.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html</remarks>
internal sealed class SecretRights(SecretStore secrets)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            ListSecretsRequest or BatchGetSecretValueRequest or GetRandomPasswordRequest => [new("secretsmanager:" + operation, "*")],
            CreateSecretRequest create =>
            [
                new("secretsmanager:" + operation, Arn.Of("secretsmanager", caller.Scope, "secret:" + create.Name))
                {
                    Facts =
                    [
                        ("secretsmanager:Name", create.Name ?? ""),
                        .. create.Description is { } text ? [("secretsmanager:Description", text)] : Array.Empty<(string, string)>(),
                        .. create.KmsKeyId is { } key ? [("secretsmanager:KmsKeyId", key)] : Array.Empty<(string, string)>(),
                    ],
                },
                .. create.Tags is { Count: > 0 }
                    ? [new("secretsmanager:TagResource", Arn.Of("secretsmanager", caller.Scope, "secret:" + create.Name))]
                    : Array.Empty<Access>(),
            ],
            GetSecretValueRequest get =>
            [
                On(
                    operation,
                    get.SecretId,
                    caller,
                    get.VersionId is { } id ? ("secretsmanager:VersionId", id) : null,
                    get.VersionStage is { } stage ? ("secretsmanager:VersionStage", stage) : null
                ),
            ],
            PutSecretValueRequest put => [On(operation, put.SecretId, caller)],
            UpdateSecretRequest update =>
            [
                On(operation, update.SecretId, caller, update.KmsKeyId is { } key ? ("secretsmanager:KmsKeyId", key) : null),
            ],
            DescribeSecretRequest one => [On(operation, one.SecretId, caller)],
            DeleteSecretRequest delete =>
            [
                On(
                    operation,
                    delete.SecretId,
                    caller,
                    ("secretsmanager:ForceDeleteWithoutRecovery", delete.ForceDeleteWithoutRecovery == true ? "true" : "false")
                ),
            ],
            RestoreSecretRequest one => [On(operation, one.SecretId, caller)],
            ListSecretVersionIdsRequest one => [On(operation, one.SecretId, caller)],
            UpdateSecretVersionStageRequest one => [On(operation, one.SecretId, caller)],
            TagResourceRequest one => [On(operation, one.SecretId, caller)],
            UntagResourceRequest one => [On(operation, one.SecretId, caller)],
            GetResourcePolicyRequest one => [On(operation, one.SecretId, caller)],
            PutResourcePolicyRequest one => [On(operation, one.SecretId, caller)],
            DeleteResourcePolicyRequest one => [On(operation, one.SecretId, caller)],
            ValidateResourcePolicyRequest one => one.SecretId is null
                ? [new("secretsmanager:" + operation, "*")]
                : [On(operation, one.SecretId, caller)],
            _ => null,
        };

    /// <summary>What the secret's own policy says of its use.</summary>
    public Access On(string operation, string? id, Caller caller, params IReadOnlyList<(string, string)?> facts)
    {
        var secret = Find(id, caller);
        return new(
            "secretsmanager:" + operation,
            secret?.Arn ?? (Arn.TryParse(id) is not null ? id! : Arn.Of("secretsmanager", caller.Scope, "secret:" + id))
        )
        {
            Policy = secret?.ResourcePolicy,
            Facts =
            [
                .. secret is null ? Array.Empty<(string, string)>() : [("secretsmanager:SecretId", secret.Arn)],
                .. facts.OfType<(string, string)>(),
            ],
        };
    }

    public IReadOnlyDictionary<string, string> TagsOf(string arn, Caller caller) =>
        Find(arn, caller)?.Tags.ToDictionary(tag => tag.Key!, tag => tag.Value!, StringComparer.Ordinal) ?? [];

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            CreateSecretRequest create => Pairs(create.Tags),
            TagResourceRequest add => Pairs(add.Tags),
            UntagResourceRequest remove => (remove.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(IReadOnlyList<SecretTag>? tags) =>
        (tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value));

    /// <summary>Null where there is none, or where the name cannot be one: the operation says which.</summary>
    private Secret? Find(string? id, Caller caller)
    {
        try
        {
            return id is null ? null : secrets.TryFind(id, caller.Scope);
        }
        catch (AwsException)
        {
            return null;
        }
    }
}
