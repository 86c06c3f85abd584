using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

/// <summary>Secrets that a service keeps for itself: it names and deletes them, as the user who asks it, and users may read them.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html</remarks>
internal sealed class OwnedSecrets(SecretStore secrets)
{
    /// <returns>The secret's ARN.</returns>
    public async Task<string> Create(string service, string name, string value, Caller caller)
    {
        var made = await new CreateSecret(secrets)
            .Make(
                name,
                new CreateSecretRequest
                {
                    Name = name,
                    SecretString = value,
                    ClientRequestToken = Guid.NewGuid().ToString(),
                },
                caller,
                adjust: secret => secret with { Owner = service }
            )
            .ConfigureAwait(false);
        return made.Arn;
    }

    public Task Change(string arn, string value, Caller caller) =>
        new UpdateSecret(secrets).Run(
            new UpdateSecretRequest
            {
                SecretId = arn,
                SecretString = value,
                ClientRequestToken = Guid.NewGuid().ToString(),
            },
            caller,
            CancellationToken.None
        );

    public Task Delete(string arn, Caller caller) =>
        new DeleteSecret(secrets).Run(new DeleteSecretRequest(arn, null, true), caller, CancellationToken.None);
}
