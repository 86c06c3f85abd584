using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record UpdateAliasRequest(string? AliasName, string? TargetKeyId);

/// <summary>Gives a name to another key.</summary>
internal sealed class UpdateAlias(Keys keys)
{
    public Task Run(UpdateAliasRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = AliasName.Checked(request.AliasName);
        var target = AliasName.Target(request.TargetKeyId);
        return keys.Database.Write(transaction =>
        {
            var alias = keys.Aliases.Get(transaction, caller.Scope, name) ?? throw KmsErrors.NoAlias(Arn.Of("kms", caller.Scope, name));
            var key = Keys.NotPendingDeletion(keys.Customers(transaction, target, caller, "UpdateAlias"));
            CheckKind(keys.Shelf.Get(transaction, caller.Scope, alias.TargetKeyId), key);
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

    /// <summary>Both symmetric, both asymmetric or both HMAC, and for the same use.</summary>
    private static void CheckKind(KmsKey? before, KmsKey after)
    {
        if (before is not null && (before.KeyUsage != after.KeyUsage || before.IsSymmetric != after.IsSymmetric))
        {
            throw KmsErrors.Invalid("The current and new KMS key must be the same type and must have the same key usage.");
        }
    }
}
