using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record UpdateRoleDescriptionRequest(string? RoleName, string? Description);

internal sealed record UpdateRoleDescriptionResponse(RoleView Role);

/// <summary>Changes a role's description alone.</summary>
internal sealed class UpdateRoleDescription(Directory directory)
{
    public async Task<UpdateRoleDescriptionResponse> Run(
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
