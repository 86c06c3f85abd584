using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record UpdateSecretVersionStageRequest(
    string? SecretId,
    string? VersionStage,
    string? RemoveFromVersionId,
    string? MoveToVersionId
);

/// <summary>The secret that an operation was about.</summary>
internal sealed record SecretNameResponse([property: JsonPropertyName("ARN")] string Arn, string Name);

/// <summary>Moves a label from one version to another, or takes it away.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html</remarks>
internal sealed class UpdateSecretVersionStage(SecretStore secrets)
{
    public async Task<SecretNameResponse> Run(UpdateSecretVersionStageRequest request, Caller caller, CancellationToken cancellation)
    {
        var stage = SecretsErrors.Required(request.VersionStage, "versionStage");
        SecretsErrors.Within(stage, "versionStage", 1, 256);
        SecretsErrors.Within(request.RemoveFromVersionId, "removeFromVersionId", 32, 64);
        SecretsErrors.Within(request.MoveToVersionId, "moveToVersionId", 32, 64);
        var secret = await secrets
            .Change(request.SecretId, caller.Scope, current => Moved(current, stage, request.RemoveFromVersionId, request.MoveToVersionId))
            .ConfigureAwait(false);
        return new(secret.Arn, secret.Name);
    }

    private Secret Moved(Secret secret, string stage, string? from, string? to)
    {
        if (from is null && to is null)
        {
            throw SecretsErrors.Parameter("You must provide a value for RemoveFromVersionId or MoveToVersionId.");
        }

        if ((from is not null && secret.WithId(from) is null) || (to is not null && secret.WithId(to) is null))
        {
            throw SecretsErrors.NoVersion();
        }

        var holder = secret.WithStage(stage);
        if (to is null && stage == Secret.Current)
        {
            throw SecretsErrors.Parameter(
                "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."
            );
        }

        if (from is null && holder is not null && holder.VersionId != to)
        {
            throw SecretsErrors.Parameter(
                $"The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version {holder.VersionId}, so you must explicitly reference that version in RemoveFromVersionId."
            );
        }

        return from is not null && holder?.VersionId != from
            ? throw SecretsErrors.Parameter($"The staging label {stage} is not attached to version {from}.")
            : secret.Move(stage, to) with
            {
                LastChangedDate = secrets.Now,
            };
    }
}
