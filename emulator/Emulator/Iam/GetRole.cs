using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record GetRoleRequest(string? RoleName);

internal sealed record GetRoleResponse(RoleView Role);

/// <summary>A role by name.</summary>
internal sealed class GetRole(Directory directory)
{
    public GetRoleResponse Run(GetRoleRequest request, Caller caller) =>
        new(RoleView.Of(directory.Roles.Find(caller, request.RoleName)) with { RoleLastUsed = new() });
}
