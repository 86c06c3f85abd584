using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record DescribeSecretRequest(string? SecretId);

/// <summary>A secret without its value, as DescribeSecret answers it; in a list the versions have another name.</summary>
internal sealed record SecretDescription
{
    [JsonPropertyName("ARN")]
    public required string Arn { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? KmsKeyId { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastChangedDate { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? LastAccessedDate { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? DeletedDate { get; init; }

    public string? OwningService { get; init; }

    public IReadOnlyList<SecretTag>? Tags { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? VersionIdsToStages { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? SecretVersionsToStages { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset CreatedDate { get; init; }

    public static SecretDescription Of(Secret secret, bool isListed) =>
        new()
        {
            Arn = secret.Arn,
            Name = secret.Name,
            Description = secret.Description,
            KmsKeyId = secret.KmsKeyId,
            LastChangedDate = secret.LastChangedDate,
            LastAccessedDate = secret.LastAccessedDate,
            DeletedDate = secret.DeletedDate,
            OwningService = secret.Owner,
            Tags = secret.Tags.Count == 0 ? null : secret.Tags,
            VersionIdsToStages = isListed ? null : secret.Stages(),
            SecretVersionsToStages = isListed ? secret.Stages() : null,
            CreatedDate = secret.CreatedDate,
        };
}

/// <summary>A secret without its value; one that is marked for deletion too.</summary>
internal sealed class DescribeSecret(SecretStore secrets)
{
    public SecretDescription Run(DescribeSecretRequest request, Caller caller) =>
        SecretDescription.Of(secrets.Find(request.SecretId, caller.Scope), isListed: false);
}
