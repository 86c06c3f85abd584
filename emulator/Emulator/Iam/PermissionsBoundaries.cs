using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record PutPermissionsBoundaryRequest(string? RoleName, string? UserName, string? PermissionsBoundary);

internal sealed record DeletePermissionsBoundaryRequest(string? RoleName, string? UserName);

/// <summary>PutRolePermissionsBoundary and DeleteRolePermissionsBoundary; the same for users.</summary>
internal sealed class PermissionsBoundaries<T>(Directory directory, Holders<T> holders)
    where T : Holder
{
    public Task Put(PutPermissionsBoundaryRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var arn = directory.CheckedBoundary(
                transaction,
                IamErrors.Required(request.PermissionsBoundary, "permissionsBoundary"),
                caller
            );
            holders.Change(transaction, caller, request.RoleName ?? request.UserName, holder => holder with { PermissionsBoundary = arn });
        });

    public Task Delete(DeletePermissionsBoundaryRequest request, Caller caller, CancellationToken cancellation) =>
        holders.Change(caller, request.RoleName ?? request.UserName, holder => holder with { PermissionsBoundary = null });
}
