using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record RetireGrantRequest(string? GrantToken, string? KeyId, string? GrantId, bool? DryRun);

/// <summary>Gives a grant back, by its token or by key and id.</summary>
internal sealed class RetireGrant(Keys keys)
{
    public Task Run(RetireGrantRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.GrantToken is { } token)
        {
            var holder = keys
                .Shelf.List(caller.Scope)
                .Values.SelectMany(key => key.Grants, (key, grant) => (key, grant))
                .FirstOrDefault(pair => pair.grant.Token == token);
            return holder.key is null
                ? throw new AwsException("InvalidGrantTokenException", "The grant token is not valid.")
                : new RevokeGrant(keys).Run(new(holder.key.Arn, holder.grant.GrantId, request.DryRun), caller, cancellation);
        }

        return new RevokeGrant(keys).Run(new(request.KeyId, request.GrantId, request.DryRun), caller, cancellation);
    }
}
