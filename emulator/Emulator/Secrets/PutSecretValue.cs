using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record PutSecretValueRequest
{
    public string? SecretId { get; init; }

    public string? ClientRequestToken { get; init; }

    public byte[]? SecretBinary { get; init; }

    public string? SecretString { get; init; }

    public IReadOnlyList<string>? VersionStages { get; init; }

    public string? RotationToken { get; init; }
}

internal sealed record PutSecretValueResponse(
    [property: JsonPropertyName("ARN")] string Arn,
    string Name,
    string VersionId,
    IReadOnlyList<string> VersionStages
);

/// <summary>Adds a version, current unless the request names other labels.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html</remarks>
internal sealed class PutSecretValue(SecretStore secrets)
{
    /// <summary>Deprecated versions beyond this go, the oldest first.</summary>
    private const int MostVersions = 100;
    private const int MostStages = 20;

    public async Task<PutSecretValueResponse> Run(PutSecretValueRequest request, Caller caller, CancellationToken cancellation)
    {
        var value =
            SecretValue.Of(request.SecretString, request.SecretBinary)
            ?? throw SecretsErrors.Request("You must provide either SecretString or SecretBinary.");
        if (request.VersionStages is { Count: 0 or > MostStages } stages)
        {
            throw SecretsErrors.Constraint(
                $"[{string.Join(", ", stages)}]",
                "versionStages",
                $"Member must have length {(stages.Count == 0 ? "greater than or equal to 1" : $"less than or equal to {MostStages}")}"
            );
        }

        var id = request.ClientRequestToken ?? throw SecretsErrors.NoToken();
        var secret = await Add(request.SecretId, id, value, request.VersionStages ?? [Secret.Current], caller).ConfigureAwait(false);
        return new(secret.Arn, secret.Name, id, secret.WithId(id)!.Stages);
    }

    /// <summary>A version with this id and these labels, which the versions that had them lose.</summary>
    /// <param name="change">What else changes.</param>
    public async Task<Secret> Add(
        string? secretId,
        string versionId,
        SecretValue value,
        IReadOnlyList<string> stages,
        Caller caller,
        Func<Secret, Secret>? change = null
    )
    {
        SecretsErrors.Within(versionId, "clientRequestToken", 32, 64);
        var secret = secrets.Usable(secretId, caller.Scope);
        var changed = change is null ? secret : change(secret);
        var version = await secrets.Seal(secret.Arn, versionId, value, changed.KmsKeyId, caller).ConfigureAwait(false);
        return await secrets
            .Change(
                secret.Arn,
                caller.Scope,
                current =>
                {
                    current = change is null ? current : change(current);
                    if (current.WithId(versionId) is { } present)
                    {
                        return secrets.IsSame(current, present, value, caller) ? current : throw SecretsErrors.VersionExists();
                    }

                    // The first version is the current one, whatever labels it is to have.
                    var labels = current.Versions.Count == 0 ? stages.Append(Secret.Current).Distinct() : stages;
                    var next = current with { Versions = [.. Kept(current.Versions), version], LastChangedDate = secrets.Now };
                    return labels.Aggregate(next, (moved, label) => moved.Move(label, versionId));
                }
            )
            .ConfigureAwait(false);
    }

    private static IReadOnlyList<SecretVersion> Kept(IReadOnlyList<SecretVersion> versions) =>
        versions.Count < MostVersions || versions.FirstOrDefault(version => version.Stages.Count == 0) is not { } oldest
            ? versions
            : [.. versions.Where(version => version != oldest)];
}
