using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record DeleteSecretRequest(string? SecretId, long? RecoveryWindowInDays, bool? ForceDeleteWithoutRecovery);

internal sealed record DeleteSecretResponse(
    [property: JsonPropertyName("ARN")] string Arn,
    string Name,
    [property: JsonConverter(typeof(TimestampConverter))] DateTimeOffset DeletionDate
);

/// <summary>Marks a secret for deletion, on a day to come or at once.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html</remarks>
internal sealed class DeleteSecret(SecretStore secrets)
{
    private const int UsualWindow = 30;

    public Task<DeleteSecretResponse> Run(DeleteSecretRequest request, Caller caller, CancellationToken cancellation)
    {
        var force = request.ForceDeleteWithoutRecovery == true;
        if (force && request.RecoveryWindowInDays is not null)
        {
            throw SecretsErrors.Parameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }

        if (request.RecoveryWindowInDays is < 7 or > 30)
        {
            throw SecretsErrors.Parameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        }

        var now = secrets.Now;
        return secrets.Database.Write(transaction =>
        {
            Secret secret;
            try
            {
                secret = secrets.Find(transaction, request.SecretId, caller.Scope);
            }
            catch (AwsException missing)
                when (force && missing.Code == "ResourceNotFoundException" && Arn.TryParse(request.SecretId) is null)
            {
                return new DeleteSecretResponse(SecretStore.NewArn(caller.Scope, request.SecretId!), request.SecretId!, now);
            }

            if (force)
            {
                secrets.Shelf.Remove(transaction, Arn.Parse(secret.Arn).Scope, secret.Name);
                return new DeleteSecretResponse(secret.Arn, secret.Name, now);
            }

            var marked = SecretStore.Usable(secret) with
            {
                DeletedDate = now,
                DeletionDate = now.AddDays(request.RecoveryWindowInDays ?? UsualWindow),
            };
            secrets.Put(transaction, marked);
            return new DeleteSecretResponse(marked.Arn, marked.Name, marked.DeletionDate.Value);
        });
    }
}
