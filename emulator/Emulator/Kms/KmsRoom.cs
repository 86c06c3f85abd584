using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Kms;

/// <summary>AWS KMS: keys that never leave it, what they encrypt, sign and vouch for, and the data keys under them.</summary>
public sealed class KmsRoom : Room
{
    private readonly Keys keys;
    private readonly Worker upkeep;

    /// <param name="meter">Counts what other services ask of it.</param>
    internal KmsRoom(Clock clock, Keys keys, Authorizer rights, UsageMeter meter, ILoggerFactory loggers)
    {
        this.keys = keys;
        DataKeys = new DataKeys(keys, rights, meter);
        meter.Stands("kms", "CustomerKeys", () => keys.Shelf.All().Count(entry => entry.Value.Manager == KmsKey.Customer));
        upkeep = new Worker("kms", clock, loggers.CreateLogger("Disa.Kms"), new KeyUpkeep(keys).Step);
        keys.DueTimesChanged = upkeep.Signal;
        Services =
        [
            new AwsService("kms", Operations(keys))
            {
                SdkName = "kms",
                SdkErrorPrefix = "Kms",
                Protocols = Protocols.Json,
                TargetPrefix = "TrentService",
                JsonVersion = "1.1",
                Rights = new KeyRights(keys).Of,
                TagsOf = new KeyRights(keys).TagsOf,
                TagsIn = KeyRights.TagsIn,
            },
        ];
        Resources = [new KeyResource(keys), new ReplicaKeyResource(keys), new AliasResource(keys)];
    }

    /// <summary>For the rooms that encrypt what they store.</summary>
    public DataKeys DataKeys { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources { get; }

    internal override Access? Existing(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "kms" } key
        && key.Resource.StartsWith("key/", StringComparison.Ordinal)
        && keys.Shelf.Get(key.Scope, key.Resource["key/".Length..]) is { } found
            ? KeyRights.Use(found, "", caller)
            : null;

    public override void Start() => upkeep.Start();

    public override async ValueTask DisposeAsync()
    {
        await upkeep.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static IEnumerable<Operation> Operations(Keys keys)
    {
        var json = KmsJson.Default;
        return
        [
            Operation.Of("CreateKey", json.CreateKeyRequest, json.CreateKeyResponse, new CreateKey(keys).Run),
            Operation.Of("DescribeKey", json.DescribeKeyRequest, json.DescribeKeyResponse, new DescribeKey(keys).Run),
            Operation.Of("ListKeys", json.ListKeysRequest, json.ListKeysResponse, new ListKeys(keys).Run),
            Operation.Of("UpdateKeyDescription", json.UpdateKeyDescriptionRequest, new UpdateKeyDescription(keys).Run),
            Operation.Of("EnableKey", json.EnableKeyRequest, new EnableKey(keys).Run),
            Operation.Of("DisableKey", json.DisableKeyRequest, new DisableKey(keys).Run),
            Operation.Of(
                "ScheduleKeyDeletion",
                json.ScheduleKeyDeletionRequest,
                json.ScheduleKeyDeletionResponse,
                new ScheduleKeyDeletion(keys).Run
            ),
            Operation.Of(
                "CancelKeyDeletion",
                json.CancelKeyDeletionRequest,
                json.CancelKeyDeletionResponse,
                new CancelKeyDeletion(keys).Run
            ),
            Operation.Of("Encrypt", json.EncryptRequest, json.EncryptResponse, new Encrypt(keys).Run),
            Operation.Of("Decrypt", json.DecryptRequest, json.DecryptResponse, new Decrypt(keys).Run),
            Operation.Of("ReEncrypt", json.ReEncryptRequest, json.ReEncryptResponse, new ReEncrypt(keys).Run),
            Operation.Of("GenerateDataKey", json.GenerateDataKeyRequest, json.GenerateDataKeyResponse, new GenerateDataKey(keys).Run),
            Operation.Of(
                "GenerateDataKeyWithoutPlaintext",
                json.GenerateDataKeyRequest,
                json.GenerateDataKeyResponse,
                new GenerateDataKey(keys).RunWithoutPlaintext
            ),
            Operation.Of("Sign", json.SignRequest, json.SignResponse, new Sign(keys).Run),
            Operation.Of("Verify", json.VerifyRequest, json.VerifyResponse, new Verify(keys).Run),
            Operation.Of("GetPublicKey", json.GetPublicKeyRequest, json.GetPublicKeyResponse, new GetPublicKey(keys).Run),
            Operation.Of(
                "DeriveSharedSecret",
                json.DeriveSharedSecretRequest,
                json.DeriveSharedSecretResponse,
                new DeriveSharedSecret(keys).Run
            ),
            Operation.Of("GenerateMac", json.GenerateMacRequest, json.GenerateMacResponse, new GenerateMac(keys).Run),
            Operation.Of("VerifyMac", json.VerifyMacRequest, json.VerifyMacResponse, new VerifyMac(keys).Run),
            Operation.Of(
                "GenerateDataKeyPair",
                json.GenerateDataKeyPairRequest,
                json.GenerateDataKeyPairResponse,
                new GenerateDataKeyPair(keys).Run
            ),
            Operation.Of(
                "GenerateDataKeyPairWithoutPlaintext",
                json.GenerateDataKeyPairRequest,
                json.GenerateDataKeyPairResponse,
                new GenerateDataKeyPair(keys).RunWithoutPlaintext
            ),
            Operation.Of(
                "GetParametersForImport",
                json.GetParametersForImportRequest,
                json.GetParametersForImportResponse,
                new GetParametersForImport(keys).Run
            ),
            Operation.Of(
                "ImportKeyMaterial",
                json.ImportKeyMaterialRequest,
                json.ImportKeyMaterialResponse,
                new ImportKeyMaterial(keys).Run
            ),
            Operation.Of(
                "DeleteImportedKeyMaterial",
                json.DeleteImportedKeyMaterialRequest,
                json.DeleteImportedKeyMaterialResponse,
                new DeleteImportedKeyMaterial(keys).Run
            ),
            Operation.Of("ReplicateKey", json.ReplicateKeyRequest, json.ReplicateKeyResponse, new ReplicateKey(keys).Run),
            Operation.Of("UpdatePrimaryRegion", json.UpdatePrimaryRegionRequest, new UpdatePrimaryRegion(keys).Run),
            Operation.Of("GenerateRandom", json.GenerateRandomRequest, json.GenerateRandomResponse, GenerateRandom.Run),
            Operation.Of("CreateAlias", json.CreateAliasRequest, new CreateAlias(keys).Run),
            Operation.Of("UpdateAlias", json.UpdateAliasRequest, new UpdateAlias(keys).Run),
            Operation.Of("DeleteAlias", json.DeleteAliasRequest, new DeleteAlias(keys).Run),
            Operation.Of("ListAliases", json.ListAliasesRequest, json.ListAliasesResponse, new ListAliases(keys).Run),
            Operation.Of("EnableKeyRotation", json.EnableKeyRotationRequest, new EnableKeyRotation(keys).Run),
            Operation.Of("DisableKeyRotation", json.DisableKeyRotationRequest, new DisableKeyRotation(keys).Run),
            Operation.Of(
                "GetKeyRotationStatus",
                json.GetKeyRotationStatusRequest,
                json.GetKeyRotationStatusResponse,
                new GetKeyRotationStatus(keys).Run
            ),
            Operation.Of("ListKeyRotations", json.ListKeyRotationsRequest, json.ListKeyRotationsResponse, new ListKeyRotations(keys).Run),
            Operation.Of(
                "RotateKeyOnDemand",
                json.RotateKeyOnDemandRequest,
                json.RotateKeyOnDemandResponse,
                new RotateKeyOnDemand(keys).Run
            ),
            Operation.Of("GetKeyPolicy", json.GetKeyPolicyRequest, json.GetKeyPolicyResponse, new GetKeyPolicy(keys).Run),
            Operation.Of("PutKeyPolicy", json.PutKeyPolicyRequest, new PutKeyPolicy(keys).Run),
            Operation.Of("ListKeyPolicies", json.ListKeyPoliciesRequest, json.ListKeyPoliciesResponse, new ListKeyPolicies(keys).Run),
            Operation.Of("TagResource", json.TagResourceRequest, new TagResource(keys).Run),
            Operation.Of("UntagResource", json.UntagResourceRequest, new UntagResource(keys).Run),
            Operation.Of("ListResourceTags", json.ListResourceTagsRequest, json.ListResourceTagsResponse, new ListResourceTags(keys).Run),
            Operation.Of("CreateGrant", json.CreateGrantRequest, json.CreateGrantResponse, new CreateGrant(keys).Run),
            Operation.Of("ListGrants", json.ListGrantsRequest, json.ListGrantsResponse, new ListGrants(keys).Run),
            Operation.Of(
                "ListRetirableGrants",
                json.ListRetirableGrantsRequest,
                json.ListGrantsResponse,
                new ListRetirableGrants(keys).Run
            ),
            Operation.Of("RevokeGrant", json.RevokeGrantRequest, new RevokeGrant(keys).Run),
            Operation.Of("RetireGrant", json.RetireGrantRequest, new RetireGrant(keys).Run),
        ];
    }
}
