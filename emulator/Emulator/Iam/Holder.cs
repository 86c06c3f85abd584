using System.Text.Json.Serialization;

namespace Disa.Emulator.Iam;

/// <summary>What can hold policies: a role, a user, a group.</summary>
internal abstract record Holder
{
    public required string Name { get; init; }

    /// <summary>The unique id: <c>AROA…</c>, <c>AIDA…</c>, <c>AGPA…</c>.</summary>
    public required string Id { get; init; }

    public required string Path { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset CreateDate { get; init; }

    /// <summary>The policies of its own, document by name.</summary>
    public IReadOnlyDictionary<string, string> Inline { get; init; } = new Dictionary<string, string>();

    /// <summary>The managed policies attached, by ARN.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public string? PermissionsBoundary { get; init; }

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }
}

/// <summary>A role as it is kept.</summary>
internal sealed record Role : Holder
{
    public required string AssumeRolePolicyDocument { get; init; }

    public string? Description { get; init; }

    /// <summary>In seconds.</summary>
    public int MaxSessionDuration { get; init; } = 3600;
}

/// <summary>A user as it is kept, with its keys.</summary>
internal sealed record User : Holder
{
    public IReadOnlyList<AccessKey> AccessKeys { get; init; } = [];

    /// <summary>The names of its groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}

/// <summary>A group as it is kept; its users name it.</summary>
internal sealed record Group : Holder;

/// <summary>What hands a role to an EC2 instance, as it is kept.</summary>
internal sealed record InstanceProfile
{
    public required string Name { get; init; }

    /// <summary>The unique id: <c>AIPA…</c>.</summary>
    public required string Id { get; init; }

    public required string Path { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset CreateDate { get; init; }

    /// <summary>The name of its role; null where it has none.</summary>
    public string? Role { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }
}

/// <param name="Status"><c>Active</c> or <c>Inactive</c>.</param>
internal sealed record AccessKey(string AccessKeyId, string SecretAccessKey, string Status, DateTimeOffset CreateDate);

/// <summary>Whose a user's access key is.</summary>
internal sealed record KeyOwner(string UserName);

/// <summary>A managed policy as it is kept.</summary>
internal sealed record ManagedPolicy
{
    public required string PolicyName { get; init; }

    public required string PolicyId { get; init; }

    public required string Arn { get; init; }

    public required string Path { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset CreateDate { get; init; }

    public required DateTimeOffset UpdateDate { get; init; }

    public required string DefaultVersionId { get; init; }

    /// <summary>How many versions there ever were: the next one's number.</summary>
    public int VersionsMade { get; init; } = 1;

    public required IReadOnlyList<PolicyVersion> Versions { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public string? CreatedBy { get; init; }

    [JsonIgnore]
    public string DefaultDocument => Versions.First(version => version.VersionId == DefaultVersionId).Document;
}

internal sealed record PolicyVersion(string VersionId, string Document, DateTimeOffset CreateDate);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Role))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Group))]
[JsonSerializable(typeof(KeyOwner))]
[JsonSerializable(typeof(ManagedPolicy))]
[JsonSerializable(typeof(InstanceProfile))]
[JsonSerializable(typeof(StoredSession))]
internal sealed partial class IamDocuments : JsonSerializerContext;
