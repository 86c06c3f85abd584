using System.Text.Json.Serialization;
using Disa.Emulator.Kms;

namespace Disa.Emulator.Secrets;

/// <summary>A secret as it is kept.</summary>
internal sealed record Secret
{
    public required string Name { get; init; }

    /// <summary>Ends in six characters of chance, so that a secret of the same name later is another.</summary>
    public required string Arn { get; init; }

    public string? Description { get; init; }

    /// <summary>As the caller named it; null for the key that AWS manages.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The oldest first; those without a staging label are deprecated.</summary>
    public IReadOnlyList<SecretVersion> Versions { get; init; } = [];

    public required DateTimeOffset CreatedDate { get; init; }

    public required DateTimeOffset LastChangedDate { get; init; }

    /// <summary>A day: the time is left out.</summary>
    public DateTimeOffset? LastAccessedDate { get; init; }

    /// <summary>When the deletion was asked for; null while it is not.</summary>
    public DateTimeOffset? DeletedDate { get; init; }

    /// <summary>When it goes for good.</summary>
    public DateTimeOffset? DeletionDate { get; init; }

    public IReadOnlyList<SecretTag> Tags { get; init; } = [];

    public string? ResourcePolicy { get; init; }

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The service that keeps the secret for itself; null for a user's.</summary>
    public string? Owner { get; init; }

    public const string Current = "AWSCURRENT";
    public const string Previous = "AWSPREVIOUS";
    public const string Pending = "AWSPENDING";

    /// <summary>The version that has a staging label.</summary>
    public SecretVersion? WithStage(string stage) => Versions.FirstOrDefault(version => version.Stages.Contains(stage));

    public SecretVersion? WithId(string id) => Versions.FirstOrDefault(version => version.VersionId == id);

    /// <summary>By version id, those that have labels; null where there is none.</summary>
    public Dictionary<string, IReadOnlyList<string>>? Stages()
    {
        var staged = Versions
            .Where(version => version.Stages.Count > 0)
            .ToDictionary(version => version.VersionId, version => version.Stages);
        return staged.Count == 0 ? null : staged;
    }

    /// <summary>The secret with a label moved to a version, away from the one that had it.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html: where AWSCURRENT was is AWSPREVIOUS. That the version
    /// that it leaves loses AWSPENDING too was recorded on AWS.
    /// </remarks>
    public Secret Move(string stage, string? toVersion)
    {
        var from = WithStage(stage);
        if (from?.VersionId == toVersion)
        {
            return this;
        }

        var leaves = stage == Current && from is not null && toVersion is not null;
        var unlabelled = Versions.Select(version =>
            version with
            {
                Stages =
                [
                    .. version.Stages.Where(label =>
                        label != stage
                        && !(leaves && label == Previous)
                        && !(leaves && label == Pending && version.VersionId == from!.VersionId)
                    ),
                ],
            }
        );
        return this with
        {
            Versions =
            [
                .. unlabelled.Select(version =>
                    version.VersionId == toVersion ? version.Labelled(stage)
                    : leaves && version.VersionId == from!.VersionId ? version.Labelled(Previous)
                    : version
                ),
            ],
        };
    }
}

/// <summary>One version of a secret's value.</summary>
internal sealed record SecretVersion
{
    public required string VersionId { get; init; }

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<string> Stages { get; init; } = [];

    public required DateTimeOffset CreatedDate { get; init; }

    /// <summary>A day: the time is left out.</summary>
    public DateTimeOffset? LastAccessedDate { get; init; }

    public string? KmsKeyId { get; init; }

    public required DataKeyEnvelope DataKey { get; init; }

    /// <summary>The value, under that data key.</summary>
    public required byte[] Value { get; init; }

    public bool IsBinary { get; init; }

    public SecretVersion Labelled(string stage) =>
        this with
        {
            Stages = [.. Stages.Append(stage).Distinct().Order(StringComparer.Ordinal)],
        };
}

/// <summary>A tag; the order is kept.</summary>
internal sealed record SecretTag(string? Key, string? Value);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Secret))]
internal sealed partial class SecretDocuments : JsonSerializerContext;
