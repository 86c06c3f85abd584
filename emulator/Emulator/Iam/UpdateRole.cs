using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record UpdateRoleRequest(string? RoleName, string? Description, int? MaxSessionDuration);

internal sealed record UpdateRoleResponse;

/// <summary>Changes a role's description and longest session.</summary>
internal sealed class UpdateRole(Directory directory)
{
    public async Task<UpdateRoleResponse> Run(UpdateRoleRequest request, Caller caller, CancellationToken cancellation)
    {
        var duration = CreateRole.CheckedDuration(request.MaxSessionDuration);
        await directory
            .Roles.Change(
                caller,
                request.RoleName,
                role => (Role)role with { Description = request.Description, MaxSessionDuration = duration }
            )
            .ConfigureAwait(false);
        return new();
    }
}
