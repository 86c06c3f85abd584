using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

internal sealed record DeleteRoleRequest(string? RoleName);

/// <summary>Deletes a role that has no policies left, and that no instance profile has.</summary>
internal sealed class DeleteRole(Directory directory)
{
    public Task Run(DeleteRoleRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction => Remove(transaction, directory, caller, request.RoleName));

    /// <exception cref="AwsException">DeleteConflict.</exception>
    public static void Remove(Transaction transaction, Directory directory, Caller caller, string? name)
    {
        var role = directory.Roles.Find(transaction, caller, name);
        new InstanceProfiles(directory).CheckUnused(transaction, caller, role.Name);
        Remove(transaction, directory.Roles, caller, role.Name);
    }

    /// <exception cref="AwsException">DeleteConflict.</exception>
    public static void Remove<T>(Transaction transaction, Holders<T> holders, Caller caller, string? name)
        where T : Holder
    {
        var found = holders.Find(transaction, caller, name);
        if (found.Attached.Count > 0)
        {
            throw IamErrors.Conflict("Cannot delete entity, must detach all policies first.");
        }

        if (found.Inline.Count > 0)
        {
            throw IamErrors.Conflict("Cannot delete entity, must delete policies first.");
        }

        holders.Shelf.Remove(transaction, Scope.Global(caller.Account), found.Name);
    }
}
