using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record RestoreSecretRequest(string? SecretId);

/// <summary>Takes away the mark that DeleteSecret made.</summary>
internal sealed class RestoreSecret(SecretStore secrets)
{
    public Task<SecretNameResponse> Run(RestoreSecretRequest request, Caller caller, CancellationToken cancellation) =>
        secrets.Database.Write(transaction =>
        {
            var secret = secrets.Find(transaction, request.SecretId, caller.Scope);
            secrets.Put(transaction, secret with { DeletedDate = null, DeletionDate = null });
            return new SecretNameResponse(secret.Arn, secret.Name);
        });
}
