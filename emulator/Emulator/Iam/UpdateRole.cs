using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record UpdateRoleRequest(string? RoleName, string? Description, int? MaxSessionDuration);

internal sealed record UpdateRoleResponse;

internal sealed record UpdateRoleDescriptionRequest(string? RoleName, string? Description);

internal sealed record UpdateRoleDescriptionResponse(RoleView Role);

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

    public async Task<UpdateRoleDescriptionResponse> RunDescription(
        UpdateRoleDescriptionRequest request,
        Caller caller,
        CancellationToken cancellation
    ) =>
        new(
            RoleView.Of(
                await directory
                    .Roles.Change(caller, request.RoleName, role => (Role)role with { Description = request.Description })
                    .ConfigureAwait(false)
            )
        );
}
