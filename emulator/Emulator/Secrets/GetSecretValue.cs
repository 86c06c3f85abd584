using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record GetSecretValueRequest(string? SecretId, string? VersionId, string? VersionStage);

internal sealed record GetSecretValueResponse
{
    [JsonPropertyName("ARN")]
    public required string Arn { get; init; }

    public required string Name { get; init; }

    public required string VersionId { get; init; }

    public byte[]? SecretBinary { get; init; }

    public string? SecretString { get; init; }

    public required IReadOnlyList<string> VersionStages { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset CreatedDate { get; init; }
}

/// <summary>A secret's value: the current one, unless a version or a label is named.</summary>
internal sealed class GetSecretValue(SecretStore secrets)
{
    public async Task<GetSecretValueResponse> Run(GetSecretValueRequest request, Caller caller, CancellationToken cancellation)
    {
        SecretsErrors.Within(request.VersionId, "versionId", 32, 64);
        SecretsErrors.Within(request.VersionStage, "versionStage", 1, 256);
        var secret = secrets.Usable(request.SecretId, caller.Scope);
        var version = Find(secret, request);
        var value = secrets.Open(secret, version, caller);
        await Accessed(secret, version).ConfigureAwait(false);
        return new()
        {
            Arn = secret.Arn,
            Name = secret.Name,
            VersionId = version.VersionId,
            SecretBinary = value.Binary,
            SecretString = value.Text,
            VersionStages = version.Stages,
            CreatedDate = version.CreatedDate,
        };
    }

    private static SecretVersion Find(Secret secret, GetSecretValueRequest request)
    {
        if (request.VersionId is not { } id)
        {
            var stage = request.VersionStage ?? Secret.Current;
            return secret.WithStage(stage) ?? throw SecretsErrors.NoValue($"staging label: {stage}");
        }

        var version = secret.WithId(id) ?? throw SecretsErrors.NoValue($"VersionId: {id}");
        return request.VersionStage is null || version.Stages.Contains(request.VersionStage)
            ? version
            : throw SecretsErrors.Request("You provided a VersionStage that is not associated to the provided VersionId.");
    }

    /// <summary>Written once a day: the date is all that AWS tells.</summary>
    private async Task Accessed(Secret secret, SecretVersion version)
    {
        var today = new DateTimeOffset(secrets.Now.UtcDateTime.Date, TimeSpan.Zero);
        if (secret.LastAccessedDate == today && version.LastAccessedDate == today)
        {
            return;
        }

        await secrets
            .Database.Write(transaction =>
            {
                if (secrets.Shelf.Get(transaction, Arn.Parse(secret.Arn).Scope, secret.Name) is { } current && current.Arn == secret.Arn)
                {
                    secrets.Put(
                        transaction,
                        current with
                        {
                            LastAccessedDate = today,
                            Versions =
                            [
                                .. current.Versions.Select(one =>
                                    one.VersionId == version.VersionId ? one with { LastAccessedDate = today } : one
                                ),
                            ],
                        }
                    );
                }
            })
            .ConfigureAwait(false);
    }
}
