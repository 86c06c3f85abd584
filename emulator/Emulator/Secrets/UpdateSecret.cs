using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record UpdateSecretRequest
{
    public string? SecretId { get; init; }

    public string? ClientRequestToken { get; init; }

    public string? Description { get; init; }

    public string? KmsKeyId { get; init; }

    public byte[]? SecretBinary { get; init; }

    public string? SecretString { get; init; }

    public string? Type { get; init; }
}

internal sealed record UpdateSecretResponse([property: JsonPropertyName("ARN")] string Arn, string Name, string? VersionId);

/// <summary>Changes description and key, and adds a current version where the request has a value.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html</remarks>
internal sealed class UpdateSecret(SecretStore secrets)
{
    public async Task<UpdateSecretResponse> Run(UpdateSecretRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.Type is { Length: > 0 })
        {
            throw AwsException.NotImplemented("secretsmanager:UpdateSecret with Type");
        }

        SecretsErrors.Within(request.Description, "description", 0, 2048);
        var value = SecretValue.Of(request.SecretString, request.SecretBinary);
        var secret = secrets.Usable(request.SecretId, caller.Scope);
        var again =
            request.KmsKeyId is { } key && KeyId(key) != secret.KmsKeyId
                ? await Reseal(secret, KeyId(key), caller).ConfigureAwait(false)
                : [];
        if (value is null)
        {
            var changed = await secrets.Change(secret.Arn, caller.Scope, current => Changed(current, request, again)).ConfigureAwait(false);
            return new(changed.Arn, changed.Name, null);
        }

        var id = request.ClientRequestToken ?? throw SecretsErrors.NoToken();
        await new PutSecretValue(secrets)
            .Add(secret.Arn, id, value, [Secret.Current], caller, current => Changed(current, request, again))
            .ConfigureAwait(false);
        return new(secret.Arn, secret.Name, id);
    }

    private Secret Changed(Secret current, UpdateSecretRequest request, Dictionary<string, SecretVersion> again) =>
        current with
        {
            Description = request.Description is { } text
                ? text.Length > 0
                    ? text
                    : null
                : current.Description,
            KmsKeyId = request.KmsKeyId is { } key ? KeyId(key) : current.KmsKeyId,
            Versions =
            [
                .. current.Versions.Select(version =>
                    again.TryGetValue(version.VersionId, out var other)
                        ? version with
                        {
                            KmsKeyId = other.KmsKeyId,
                            DataKey = other.DataKey,
                            Value = other.Value,
                        }
                        : version
                ),
            ],
            LastChangedDate = secrets.Now,
        };

    /// <summary>The versions with AWS's own labels come under the new key; the others stay under theirs.</summary>
    private async Task<Dictionary<string, SecretVersion>> Reseal(Secret secret, string? keyId, Caller caller)
    {
        var again = new Dictionary<string, SecretVersion>(StringComparer.Ordinal);
        foreach (
            var version in secret.Versions.Where(version =>
                version.Stages.Any(stage => stage is Secret.Current or Secret.Pending or Secret.Previous)
            )
        )
        {
            again[version.VersionId] = await secrets
                .Seal(secret.Arn, version.VersionId, secrets.Open(secret, version, caller), keyId, caller)
                .ConfigureAwait(false);
        }

        return again;
    }

    /// <summary>Nothing means the key that AWS manages.</summary>
    private static string? KeyId(string given) => given is "" or "alias/aws/secretsmanager" ? null : given;
}
