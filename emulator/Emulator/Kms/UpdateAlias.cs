using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record UpdateAliasRequest(string? AliasName, string? TargetKeyId);

/// <summary>Gives a name to another key.</summary>
internal sealed class UpdateAlias(Keys keys)
{
    public Task Run(UpdateAliasRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = AliasName.Checked(request.AliasName);
        return keys.Database.Write(transaction =>
        {
            var alias = keys.Aliases.Get(transaction, caller.Scope, name) ?? throw KmsErrors.NoAlias(Arn.Of("kms", caller.Scope, name));
            var key = Keys.NotPendingDeletion(
                keys.Customers(transaction, KmsErrors.Required(request.TargetKeyId, "targetKeyId"), caller, "UpdateAlias")
            );
            keys.Aliases.Put(
                transaction,
                caller.Scope,
                name,
                alias with
                {
                    TargetKeyId = key.KeyId,
                    LastUpdatedDate = keys.Clock.GetUtcNow(),
                }
            );
        });
    }
}
