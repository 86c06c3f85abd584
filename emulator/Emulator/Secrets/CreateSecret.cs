using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record CreateSecretRequest
{
    public string? Name { get; init; }

    public string? ClientRequestToken { get; init; }

    public string? Description { get; init; }

    public string? KmsKeyId { get; init; }

    public byte[]? SecretBinary { get; init; }

    public string? SecretString { get; init; }

    public IReadOnlyList<SecretTag>? Tags { get; init; }

    public JsonElement? AddReplicaRegions { get; init; }

    public bool? ForceOverwriteReplicaSecret { get; init; }

    public string? Type { get; init; }
}

internal sealed record CreateSecretResponse([property: JsonPropertyName("ARN")] string Arn, string Name, string? VersionId);

/// <summary>Makes a secret, with a first version where the request has a value.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html</remarks>
internal sealed class CreateSecret(SecretStore secrets)
{
    private const int MostSecrets = 500_000;

    public async Task<CreateSecretResponse> Run(CreateSecretRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.AddReplicaRegions is { ValueKind: JsonValueKind.Array })
        {
            throw AwsException.NotImplemented("secretsmanager:CreateSecret with AddReplicaRegions");
        }

        if (request.Type is { Length: > 0 })
        {
            throw AwsException.NotImplemented("secretsmanager:CreateSecret with Type");
        }

        var secret = await Make(request, caller).ConfigureAwait(false);
        return new(
            secret.Arn,
            secret.Name,
            request.SecretString is null && request.SecretBinary is null ? null : request.ClientRequestToken
        );
    }

    /// <param name="step">The stack step that asks: repeated, it finds its secret.</param>
    public Task<Secret> Make(CreateSecretRequest request, Caller caller, string? step = null, Func<Secret, Secret>? adjust = null) =>
        Make(SecretStore.CheckedName(request.Name), request, caller, step, adjust);

    /// <param name="name">As a service names its own, with a mark that users cannot write.</param>
    public async Task<Secret> Make(
        string name,
        CreateSecretRequest request,
        Caller caller,
        string? step = null,
        Func<Secret, Secret>? adjust = null
    )
    {
        var value = SecretValue.Of(request.SecretString, request.SecretBinary);
        var token = value is null ? request.ClientRequestToken : request.ClientRequestToken ?? throw SecretsErrors.NoToken();
        SecretsErrors.Within(token, "clientRequestToken", 32, 64);
        SecretsErrors.Within(request.Description, "description", 0, 2048);
        var tags = SecretTags.Merge([], request.Tags);
        var scope = caller.Scope;
        if (Existing(secrets.Shelf.Get(scope, name), token, value, caller, step) is { } there)
        {
            return there;
        }

        var arn = SecretStore.NewArn(scope, name);
        var now = secrets.Now;
        var keyId = request.KmsKeyId is { Length: > 0 } given ? given : null;
        var made = new Secret
        {
            Name = name,
            Arn = arn,
            Description = request.Description is { Length: > 0 } text ? text : null,
            KmsKeyId = keyId,
            CreatedDate = now,
            LastChangedDate = now,
            Tags = tags,
            CreatedBy = step,
            Versions = value is null
                ? []
                : [(await secrets.Seal(arn, token!, value, keyId, caller).ConfigureAwait(false)).Labelled(Secret.Current)],
        };
        made = adjust is null ? made : adjust(made);
        return await secrets
            .Database.Write(transaction =>
            {
                if (Existing(secrets.Shelf.Get(transaction, scope, name), token, value, caller, step) is { } first)
                {
                    return first;
                }

                if (secrets.Shelf.List(transaction, scope).Count >= MostSecrets)
                {
                    throw new AwsException(
                        "LimitExceededException",
                        "The request failed because it would exceed one of the Secrets Manager quotas."
                    );
                }

                secrets.Put(transaction, made);
                return made;
            })
            .ConfigureAwait(false);
    }

    /// <summary>The secret that the same request made before; any other of the name is in the way.</summary>
    private Secret? Existing(Secret? present, string? token, SecretValue? value, Caller caller, string? step) =>
        present is null ? null
        : step is not null && present.CreatedBy == step ? present
        : present.DeletedDate is not null ? throw SecretsErrors.NameScheduledForDeletion()
        : value is not null && token is not null && present.WithId(token) is { } version && secrets.IsSame(present, version, value, caller)
            ? present
        : throw SecretsErrors.Exists(present.Name);
}
