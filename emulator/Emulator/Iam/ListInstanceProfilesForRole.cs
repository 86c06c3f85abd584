using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record ListInstanceProfilesForRoleRequest(string? RoleName, string? Marker, int? MaxItems);

internal sealed record ListInstanceProfilesForRoleResponse(IReadOnlyList<string> InstanceProfiles, bool IsTruncated);

/// <summary>None: instance profiles cannot be made here. Asked before deleting a role, by tools that clean up.</summary>
internal sealed class ListInstanceProfilesForRole(Directory directory)
{
    public ListInstanceProfilesForRoleResponse Run(ListInstanceProfilesForRoleRequest request, Caller caller)
    {
        directory.Roles.Find(caller, request.RoleName);
        directory.Lists.OnePage(request.Marker);
        return new([], false);
    }
}
