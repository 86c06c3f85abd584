using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

internal sealed record UpdateAssumeRolePolicyRequest(string? RoleName, string? PolicyDocument);

/// <summary>Changes who may take a role.</summary>
internal sealed class UpdateAssumeRolePolicy(Directory directory)
{
    public Task Run(UpdateAssumeRolePolicyRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var document = new CreateRole(directory).CheckedTrust(transaction, request.PolicyDocument, caller);
            directory.Roles.Change(transaction, caller, request.RoleName, role => (Role)role with { AssumeRolePolicyDocument = document });
        });
}
