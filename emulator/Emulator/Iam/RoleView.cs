namespace Disa.Emulator.Iam;

/// <summary>What answers say of a role.</summary>
internal sealed record RoleView(
    string Path,
    string RoleName,
    string RoleId,
    string Arn,
    DateTimeOffset CreateDate,
    string AssumeRolePolicyDocument,
    string? Description,
    int? MaxSessionDuration,
    BoundaryView? PermissionsBoundary,
    IReadOnlyList<Tag>? Tags,
    RoleLastUsed? RoleLastUsed = null
)
{
    public static RoleView Of(Role role) =>
        new(
            role.Path,
            role.Name,
            role.Id,
            role.Arn,
            role.CreateDate,
            IamPolicies.Encoded(role.AssumeRolePolicyDocument),
            role.Description,
            role.MaxSessionDuration,
            BoundaryView.Of(role),
            Iam.Tags.List(role.Tags)
        );
}

/// <summary>When and where a role was last used: that is not kept, and so it is empty, as for a role that never was.</summary>
internal sealed record RoleLastUsed;

internal sealed record BoundaryView(string PermissionsBoundaryType, string PermissionsBoundaryArn)
{
    public static BoundaryView? Of(Holder holder) => holder.PermissionsBoundary is { } arn ? new("Policy", arn) : null;
}
