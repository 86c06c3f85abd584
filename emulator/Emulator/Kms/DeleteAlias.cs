using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DeleteAliasRequest(string? AliasName);

/// <summary>Takes a name away; its key stays.</summary>
internal sealed class DeleteAlias(Keys keys)
{
    public Task Run(DeleteAliasRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = AliasName.Checked(request.AliasName);
        return keys.Database.Write(transaction =>
        {
            if (!keys.Aliases.Remove(transaction, caller.Scope, name))
            {
                throw KmsErrors.NoAlias(Arn.Of("kms", caller.Scope, name));
            }
        });
    }
}
