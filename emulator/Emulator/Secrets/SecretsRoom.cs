using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Secrets;

/// <summary>AWS Secrets Manager: secrets and their versions, without rotation and replicas.</summary>
internal sealed class SecretsRoom : Room
{
    private readonly SecretStore secrets;
    private readonly SecretRights rights;
    private readonly Worker upkeep;

    /// <param name="keys">Encrypt every value.</param>
    /// <param name="tokens">Sign what callers bring back.</param>
    /// <param name="authorizer">Decides on each secret of a batch.</param>
    /// <param name="meter">Counts the secrets, which are billed by the month.</param>
    public SecretsRoom(
        Database database,
        Clock clock,
        DataKeys keys,
        Tokens tokens,
        Authorizer authorizer,
        UsageMeter meter,
        ILoggerFactory loggers
    )
    {
        secrets = new SecretStore(database, clock, keys, tokens);
        rights = new SecretRights(secrets);
        meter.Stands("secretsmanager", "Secrets", () => secrets.Shelf.All().Count());
        upkeep = new Worker("secrets", clock, loggers.CreateLogger("Disa.Secrets"), new SecretUpkeep(secrets).Step);
        secrets.DueTimesChanged = upkeep.Signal;
        Services =
        [
            new AwsService("secretsmanager", Operations(secrets, rights, authorizer))
            {
                SdkName = "secretsmanager",
                SdkErrorPrefix = "SecretsManager",
                Protocols = Protocols.Json,
                TargetPrefix = "secretsmanager",
                JsonVersion = "1.1",
                HasCapitalMessage = static _ => true,
                Rights = rights.Of,
                TagsOf = rights.TagsOf,
                TagsIn = SecretRights.TagsIn,
            },
        ];
        Resources = [new SecretResource(secrets), new SecretPolicyResource(secrets)];
    }

    /// <summary>For the services that keep secrets of their own.</summary>
    public OwnedSecrets Owned => new(secrets);

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources { get; }

    internal override Access? Existing(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "secretsmanager" } ? rights.On("", arn, caller) : null;

    public override void Start() => upkeep.Start();

    public override async ValueTask DisposeAsync()
    {
        await upkeep.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static IEnumerable<Operation> Operations(SecretStore secrets, SecretRights rights, Authorizer authorizer)
    {
        var json = SecretsJson.Default;
        var tags = new SecretTags(secrets);
        var policies = new ResourcePolicies(secrets);
        return
        [
            Operation.Of("CreateSecret", json.CreateSecretRequest, json.CreateSecretResponse, new CreateSecret(secrets).Run),
            Operation.Of("PutSecretValue", json.PutSecretValueRequest, json.PutSecretValueResponse, new PutSecretValue(secrets).Run),
            Operation.Of("UpdateSecret", json.UpdateSecretRequest, json.UpdateSecretResponse, new UpdateSecret(secrets).Run),
            Operation.Of("GetSecretValue", json.GetSecretValueRequest, json.GetSecretValueResponse, new GetSecretValue(secrets).Run),
            Operation.Of(
                "BatchGetSecretValue",
                json.BatchGetSecretValueRequest,
                json.BatchGetSecretValueResponse,
                new BatchGetSecretValue(secrets, rights, authorizer).Run
            ),
            Operation.Of("DescribeSecret", json.DescribeSecretRequest, json.SecretDescription, new DescribeSecret(secrets).Run),
            Operation.Of("ListSecrets", json.ListSecretsRequest, json.ListSecretsResponse, new ListSecrets(secrets).Run),
            Operation.Of(
                "ListSecretVersionIds",
                json.ListSecretVersionIdsRequest,
                json.ListSecretVersionIdsResponse,
                new ListSecretVersionIds(secrets).Run
            ),
            Operation.Of(
                "UpdateSecretVersionStage",
                json.UpdateSecretVersionStageRequest,
                json.SecretNameResponse,
                new UpdateSecretVersionStage(secrets).Run
            ),
            Operation.Of("DeleteSecret", json.DeleteSecretRequest, json.DeleteSecretResponse, new DeleteSecret(secrets).Run),
            Operation.Of("RestoreSecret", json.RestoreSecretRequest, json.SecretNameResponse, new RestoreSecret(secrets).Run),
            Operation.Of("GetRandomPassword", json.GetRandomPasswordRequest, json.GetRandomPasswordResponse, GetRandomPassword.Run),
            Operation.Of("TagResource", json.TagResourceRequest, tags.Tag),
            Operation.Of("UntagResource", json.UntagResourceRequest, tags.Untag),
            Operation.Of("GetResourcePolicy", json.GetResourcePolicyRequest, json.GetResourcePolicyResponse, policies.Get),
            Operation.Of("PutResourcePolicy", json.PutResourcePolicyRequest, json.SecretNameResponse, policies.Put),
            Operation.Of("DeleteResourcePolicy", json.DeleteResourcePolicyRequest, json.SecretNameResponse, policies.Delete),
            Operation.Of(
                "ValidateResourcePolicy",
                json.ValidateResourcePolicyRequest,
                json.ValidateResourcePolicyResponse,
                policies.Validate
            ),
        ];
    }
}
