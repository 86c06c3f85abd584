using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record CreateAliasRequest(string? AliasName, string? TargetKeyId);

/// <summary>Names a key.</summary>
internal sealed class CreateAlias(Keys keys)
{
    public Task Run(CreateAliasRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = AliasName.Checked(request.AliasName);
        var target = AliasName.Target(request.TargetKeyId);
        return keys.Database.Write(transaction =>
        {
            var key = Keys.NotPendingDeletion(keys.Customers(transaction, target, caller, "CreateAlias"));
            if (keys.Aliases.Get(transaction, caller.Scope, name) is not null)
            {
                throw KmsErrors.AliasExists(Arn.Of("kms", caller.Scope, name));
            }

            var now = keys.Clock.GetUtcNow();
            keys.Aliases.Put(transaction, caller.Scope, name, new KeyAlias(name, key.KeyId, now, now));
        });
    }
}
