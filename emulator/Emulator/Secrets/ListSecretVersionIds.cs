using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record ListSecretVersionIdsRequest(string? SecretId, int? MaxResults, string? NextToken, bool? IncludeDeprecated);

internal sealed record ListSecretVersionIdsResponse(
    IReadOnlyList<SecretVersionsListEntry> Versions,
    string? NextToken,
    [property: JsonPropertyName("ARN")] string Arn,
    string Name
);

internal sealed record SecretVersionsListEntry
{
    public required string VersionId { get; init; }

    public IReadOnlyList<string>? VersionStages { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? LastAccessedDate { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset CreatedDate { get; init; }

    public required IReadOnlyList<string> KmsKeyIds { get; init; }
}

/// <summary>A secret's versions: those with labels, and the deprecated ones where they are asked for.</summary>
internal sealed class ListSecretVersionIds(SecretStore secrets)
{
    public ListSecretVersionIdsResponse Run(ListSecretVersionIdsRequest request, Caller caller)
    {
        var secret = secrets.Find(request.SecretId, caller.Scope);
        var (items, next) = secrets
            .Lists.Of("ListSecretVersionIds", caller.Scope, secret.Arn)
            .PageByCount(
                secret.Versions.Where(version => version.Stages.Count > 0 || request.IncludeDeprecated == true),
                SecretsErrors.PageSize(request.MaxResults),
                request.NextToken
            );
        return new(
            items.ConvertAll(version => new SecretVersionsListEntry
            {
                VersionId = version.VersionId,
                VersionStages = version.Stages.Count == 0 ? null : version.Stages,
                LastAccessedDate = version.LastAccessedDate,
                CreatedDate = version.CreatedDate,
                KmsKeyIds = [version.KmsKeyId ?? "DefaultEncryptionKey"],
            }),
            next,
            secret.Arn,
            secret.Name
        );
    }
}
