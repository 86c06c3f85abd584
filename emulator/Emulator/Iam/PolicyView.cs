namespace Disa.Emulator.Iam;

/// <summary>What answers say of a managed policy.</summary>
internal sealed record PolicyView(
    string PolicyName,
    string PolicyId,
    string Arn,
    string Path,
    string DefaultVersionId,
    int AttachmentCount,
    int PermissionsBoundaryUsageCount,
    bool IsAttachable,
    string? Description,
    DateTimeOffset CreateDate,
    DateTimeOffset UpdateDate,
    IReadOnlyList<Tag>? Tags
);

/// <summary>What answers say of one version; lists leave the document out.</summary>
internal sealed record PolicyVersionView(string? Document, string VersionId, bool IsDefaultVersion, DateTimeOffset CreateDate)
{
    public static PolicyVersionView Of(ManagedPolicy policy, PolicyVersion version, bool withDocument = false) =>
        new(
            withDocument ? IamPolicies.Encoded(version.Document) : null,
            version.VersionId,
            version.VersionId == policy.DefaultVersionId,
            version.CreateDate
        );
}
